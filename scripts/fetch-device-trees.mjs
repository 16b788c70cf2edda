// Fetches the device trees of Debian's arm64 kernel package into a cache folder, for the tests that compare with dtc on
// real trees. The package's own apt does it, with lists of its own: the machine's are not touched.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
// test/support/device-trees.ts looks there too.
const destination = process.env.CELLVISOR_DEVICE_TREES ?? join(cache, 'cellvisor/device-trees');

if (existsSync(destination)) {
  console.log(`device trees are there: ${destination}`);
} else {
  const work = mkdtempSync(join(tmpdir(), 'device-trees-'));
  try {
    console.log(`device trees of ${fetch(work)}: ${destination}`);
  } catch (error) {
    console.error(`device trees not fetched: ${error.stderr?.toString().trim() || error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Returns the name of the package. */
function fetch(work) {
  const status = join(work, 'status');
  writeFileSync(status, '');
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'root']) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  const options = [
    'APT::Architecture=arm64',
    'APT::Architectures=arm64',
    `Dir::State=${join(work, 'state')}`,
    `Dir::State::status=${status}`,
    `Dir::Cache=${join(work, 'cache')}`,
    // The user _apt may not write to the temporary folder.
    'APT::Sandbox::User=',
  ].flatMap((option) => ['-o', option]);
  const run = (program, args) =>
    execFileSync(program, args, { cwd: work, stdio: ['ignore', 'pipe', 'pipe'] }).toString();

  run('apt-get', [...options, '-q', 'update']);
  const depends = run('apt-cache', [...options, 'depends', 'linux-image-arm64']);
  const name = /Depends: (linux-image-\S+-arm64)/.exec(depends)?.[1];
  if (!name) throw new Error('apt knows no package linux-image-arm64');
  run('apt-get', [...options, '-q', 'download', name]);
  const file = readdirSync(work).find((entry) => entry.endsWith('.deb'));
  if (!file) throw new Error(`apt did not fetch ${name}`);

  const members = [`./usr/lib/${name}/*.dtb`, `./usr/lib/${name}/*.dtbo`];
  const tar = `dpkg-deb --fsys-tarfile "$1" | tar -x -C root --wildcards '${members.join("' '")}'`;
  run('bash', ['-o', 'pipefail', '-c', tar, 'bash', file]);
  const trees = join(work, 'root/usr/lib', name);
  writeFileSync(join(trees, 'SOURCE'), `${file}\n`);
  mkdirSync(dirname(destination), { recursive: true });
  moveFolder(trees, destination);
  return name;
}

/** Appears at once or not at all, also where the temporary folder is on another file system. */
function moveFolder(from, to) {
  const beside = mkdtempSync(`${to}.`);
  try {
    execFileSync('cp', ['-a', `${from}/.`, beside]);
    renameSync(beside, to);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    throw error;
  }
}
