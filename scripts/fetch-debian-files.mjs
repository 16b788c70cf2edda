// Fetches what tests need of Debian's arm64 packages into a cache folder: the device trees of the kernel package, to compare
// with dtc on real trees; the kernel and a shell, to boot Linux in cells; the public headers of several releases of Xen, to
// compare structs with the C compiler. The package's own apt does it, with lists of its own: the machine's are not touched.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cache, sourceLine } from './debian-mirror.mjs';

/** The tests look there too: test/support/debian-files.ts. */
const wanted = [
  {
    what: 'device trees',
    folder: process.env.CELLVISOR_DEVICE_TREES ?? join(cache, 'device-trees'),
    collect: takeDeviceTrees,
  },
  { what: 'Linux', folder: process.env.CELLVISOR_LINUX ?? join(cache, 'linux'), collect: takeLinux },
  {
    what: 'Xen headers',
    folder: process.env.CELLVISOR_XEN_HEADERS ?? join(cache, 'xen-headers'),
    collect: takeXenHeaders,
  },
];
/** Releases of Debian with different releases of Xen. */
const SUITES = ['bullseye', 'bookworm', 'trixie'];

function fetchMissing() {
  const work = mkdtempSync(join(tmpdir(), 'debian-files-'));
  try {
    const packages = new Packages(work);
    for (const { what, folder, collect } of missing) {
      const collected = join(work, what);
      mkdirSync(collected);
      collect(packages, collected);
      mkdirSync(dirname(folder), { recursive: true });
      moveFolder(collected, folder);
      console.log(`${what}: ${folder}`);
    }
  } catch (error) {
    console.error(`not fetched: ${error.stderr?.toString().trim() || error.message}`);
    process.exitCode = 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Packages for arm64, each fetched and unpacked once. */
class Packages {
  #work;
  #options;
  #roots = new Map();

  /** @param sources lines of a sources.list; without them, the machine's own sources */
  constructor(work, sources) {
    this.#work = work;
    const status = join(work, 'status');
    writeFileSync(status, '');
    for (const folder of ['state/lists/partial', 'cache/archives/partial', 'packages']) {
      mkdirSync(join(work, folder), { recursive: true });
    }
    this.#options = [
      'APT::Architecture=arm64',
      'APT::Architectures=arm64',
      `Dir::State=${join(work, 'state')}`,
      `Dir::State::status=${status}`,
      `Dir::Cache=${join(work, 'cache')}`,
      // The user _apt may not write to the temporary folder.
      'APT::Sandbox::User=',
      ...(sources ? [`Dir::Etc::sourcelist=${sourceList(work, sources)}`, 'Dir::Etc::sourceparts=-'] : []),
    ].flatMap((option) => ['-o', option]);
    run('apt-get', [...this.#options, '-q', 'update'], work);
  }

  /** The package that the kernel's own one depends on, such as linux-image-6.1.0-1-arm64. */
  kernelName() {
    const depends = run('apt-cache', [...this.#options, 'depends', 'linux-image-arm64'], this.#work);
    const name = /Depends: (linux-image-\S+-arm64)/.exec(depends)?.[1];
    if (!name) throw new Error('apt knows no package linux-image-arm64');
    return name;
  }

  /** Where a package's files are, and the name of its .deb. */
  unpack(name) {
    const known = this.#roots.get(name);
    if (known) return known;
    const folder = join(this.#work, 'packages', name);
    mkdirSync(folder);
    run('apt-get', [...this.#options, '-q', 'download', name], folder);
    const file = readdirSync(folder).find((entry) => entry.endsWith('.deb'));
    if (!file) throw new Error(`apt did not fetch ${name}`);
    const root = join(folder, 'root');
    run('dpkg-deb', ['-x', file, root], folder);
    this.#roots.set(name, { root, file });
    return { root, file };
  }
}

function sourceList(work, sources) {
  const path = join(work, 'sources.list');
  writeFileSync(path, `${sources.join('\n')}\n`);
  return path;
}

function run(program, args, folder) {
  return execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

function takeDeviceTrees(packages, folder) {
  const name = packages.kernelName();
  const { root, file } = packages.unpack(name);
  run('cp', ['-a', `${join(root, 'usr/lib', name)}/.`, folder]);
  writeFileSync(join(folder, 'SOURCE'), `${file}\n`);
}

/** `Image` and `busybox`. */
function takeLinux(packages, folder) {
  const kernel = packages.unpack(packages.kernelName());
  const image = readdirSync(join(kernel.root, 'boot')).find((name) => name.startsWith('vmlinuz-'));
  copyFileSync(join(kernel.root, 'boot', image), join(folder, 'Image'));
  const shell = packages.unpack('busybox-static');
  const place = ['bin', 'usr/bin'].find((bin) => existsSync(join(shell.root, bin, 'busybox')));
  copyFileSync(join(shell.root, place, 'busybox'), join(folder, 'busybox'));
  writeFileSync(join(folder, 'SOURCE'), `${kernel.file}\n${shell.file}\n`);
}

/** `4.17/xen/domctl.h` and so on. A release of Debian that the mirror has no longer is left out. */
function takeXenHeaders(_, folder) {
  for (const suite of SUITES) {
    const work = mkdtempSync(join(tmpdir(), 'debian-xen-'));
    try {
      const { root, file } = new Packages(work, [sourceLine(suite)]).unpack('libxen-dev');
      const release = /^libxen-dev_(\d+\.\d+)/.exec(file)?.[1];
      if (!release) throw new Error(`${file} has no release of Xen in its name`);
      mkdirSync(join(folder, release));
      run('cp', ['-a', join(root, 'usr/include/xen'), join(folder, release)]);
      writeFileSync(join(folder, release, 'SOURCE'), `${file}\n`);
    } catch (error) {
      console.error(`${suite}: left out: ${error.stderr?.toString().trim() || error.message}`);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  if (readdirSync(folder).length === 0) throw new Error('no headers of Xen');
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

const missing = wanted.filter(({ what, folder }) => {
  if (existsSync(folder)) console.log(`${what}: is there: ${folder}`);
  return !existsSync(folder);
});
if (missing.length > 0) fetchMissing();
