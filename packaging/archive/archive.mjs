import { createReadStream, createWriteStream, lstatSync, readdirSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack as tarPack } from 'tar-stream';

/** The earliest date that all formats of archives know. */
const YEAR_1980_S = 315_532_800;

/**
 * Makes a .tar.gz of a folder, whose name all entries begin with. What differs between two machines with the same files does
 * not go into it: entries are sorted, belong to root, are of one date, and have the rights of their kind.
 *
 * @throws {Error} when SOURCE_DATE_EPOCH is set to something else than seconds
 */
export async function pack(folder, archive) {
  const mtime = new Date(dateSeconds() * 1000);
  const tar = tarPack();
  const draft = `${archive}.${process.pid}`;
  try {
    await Promise.all([
      pipeline(tar, createGzip({ level: 9 }), createWriteStream(draft)),
      addEntries(tar, dirname(folder), basename(folder), mtime).then(() => tar.finalize()),
    ]);
    renameSync(draft, archive);
  } finally {
    rmSync(draft, { force: true });
  }
}

function dateSeconds() {
  const text = process.env.SOURCE_DATE_EPOCH;
  if (text === undefined || text === '') return YEAR_1980_S;
  if (!/^\d{1,11}$/.test(text)) throw new Error(`SOURCE_DATE_EPOCH is not a number of seconds: ${text}`);
  return Number(text);
}

/** A folder or file below `base`, and what is in it. */
async function addEntries(tar, base, path, mtime) {
  const place = join(base, path);
  const status = lstatSync(place);
  const common = { name: path, mtime, uid: 0, gid: 0 };
  if (status.isSymbolicLink()) {
    tar.entry({ ...common, type: 'symlink', linkname: readlinkSync(place), mode: 0o777 });
  } else if (status.isDirectory()) {
    tar.entry({ ...common, type: 'directory', mode: 0o755 });
    // By code units: the order must not depend on a locale.
    for (const name of readdirSync(place).sort()) await addEntries(tar, base, join(path, name), mtime);
  } else {
    const mode = status.mode & 0o100 ? 0o755 : 0o644;
    await pipeline(createReadStream(place), tar.entry({ ...common, type: 'file', size: status.size, mode }));
  }
}
