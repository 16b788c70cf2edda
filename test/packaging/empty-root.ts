import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isInstalled, run } from './archives';
import type { Ended } from './archives';

/** Debian's C and C++ libraries, and a shell: what the least of boards has. */
const DEBIAN_PACKAGES = ['libc6', 'libgcc-s1', 'libstdc++6', 'busybox-static'];

/** Why a folder cannot be made a root here. */
export function whyNoEmptyRoot(): string | undefined {
  if (process.getuid?.() !== 0) return 'chroot is for root only';
  const missing = ['chroot', 'unshare', 'dpkg-deb', 'apt-get'].find((tool) => !isInstalled(tool));
  if (missing !== undefined) return `${missing} is not installed`;
  if (run('unshare', ['--mount', 'true']).code !== 0) return 'mounts of its own are not permitted';
  const { code, err } = run('apt-get', ['download', '--print-uris', ...DEBIAN_PACKAGES]);
  return code === 0 ? undefined : `Debian's packages cannot be had: ${err.trim().split('\n').at(-1)}`;
}

/** Unpacks them there. */
export function fillRoot(place: string): void {
  const debs = mkdtempSync(join(tmpdir(), 'cellvisor-debs-'));
  execFileSync('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', ...DEBIAN_PACKAGES], {
    cwd: debs,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const deb of readdirSync(debs)) execFileSync('dpkg-deb', ['-x', join(debs, deb), place]);
  rmSync(debs, { recursive: true });
  for (const folder of ['tmp', 'usr/bin', 'dev', 'proc']) mkdirSync(join(place, folder), { recursive: true });
  const busybox = ['bin/busybox', 'usr/bin/busybox']
    .map((one) => join(place, one))
    .find((one) => existsSync(one)) as string;
  for (const name of ['sh', 'readlink', 'dirname']) symlinkSync('busybox', join(dirname(busybox), name));
}

/** Runs a command with the folder as its root, and with devices, which other processes do not see mounted there. */
export function runInside(place: string, command: readonly string[], env: NodeJS.ProcessEnv): Ended {
  const mount = 'mount --rbind /dev "$0/dev" && mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';
  return run('unshare', ['--mount', 'sh', '-c', mount, place, ...command], {
    env: { ...env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
}
