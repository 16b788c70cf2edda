import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { Script } from 'node:vm';

/**
 * What V8 has compiled, kept from one run for the next: on a board's processor, to compile a bundle takes as long as to run it.
 *
 * One file a bundle. In front of V8's data, it names what it was made of and with: V8 itself compares little more than the length
 * of the source. The folder lies with the bundles, so that whoever may write there may change those as well.
 */
export class CodeCache {
  private readonly compiled: { readonly file: string; readonly origin: Buffer; readonly script: Script }[] = [];

  private readonly folder: string;

  /**
   * @param dist the folder that the programs are in
   * @param purpose what is done with them: a folder of its own
   */
  constructor(
    private readonly dist: string,
    purpose: string,
  ) {
    this.folder = join(dist, 'code-cache', purpose);
  }

  /** @param source its first line is a comment with a hash of the rest */
  compile(path: string, source: string): Script {
    const file = join(this.folder, basename(path));
    const origin = Buffer.from(`${source.slice(0, source.indexOf('\n'))} ${process.version} ${process.arch}\n`);
    const cachedData = read(file, origin);
    const script = new Script(source, { filename: path, cachedData });
    if (cachedData === undefined || script.cachedDataRejected) this.compiled.push({ file, origin, script });
    return script;
  }

  /**
   * With the functions that were called until now. Where nothing can be written, nothing is kept: it costs only time. Nor in the
   * folder of somebody else, who could not remove it: root in the checkout of a user.
   */
  save(): void {
    try {
      if (this.compiled.length === 0 || statSync(this.dist).uid !== process.geteuid?.()) return;
      mkdirSync(this.folder, { recursive: true });
      for (const { file, origin, script } of this.compiled) write(file, [origin, script.createCachedData()]);
    } catch {
      return;
    }
  }
}

function read(file: string, origin: Buffer): Buffer | undefined {
  try {
    const bytes = readFileSync(file);
    return bytes.subarray(0, origin.length).equals(origin) ? bytes.subarray(origin.length) : undefined;
  } catch {
    return undefined;
  }
}

/** At once, and on the disk before it has its name: V8 trusts what it reads. */
function write(file: string, pieces: readonly Buffer[]): void {
  const draft = `${file}.${process.pid}`;
  try {
    const fd = openSync(draft, 'w', 0o644);
    try {
      for (const piece of pieces) writeSync(fd, piece);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
