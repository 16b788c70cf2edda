import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianFiles } from './debian-files';

/**
 * Where a kernel and a shell for arm64 are: `CELLVISOR_LINUX`, or the cache that scripts/fetch-debian-files.mjs fills. They are
 * not part of this project: their licenses are their own.
 */
const folder = debianFiles('linux', 'CELLVISOR_LINUX');

/** Why tests that boot Linux are skipped; `undefined` when all is there. */
export const noLinux = existsSync(folder)
  ? undefined
  : `no kernel in ${folder}; scripts/fetch-debian-files.mjs fetches one`;

/** An arm64 Image. */
export const kernelPath = join(folder, 'Image');

/** What the shell of {@link makeInitrd} says first. */
export const UP = /CELL-UP: (\w+), (\d+) CPUs, ([^\r\n\0]+)[\r\n\0]/;

const INIT = `#!/bin/busybox sh
/bin/busybox mount -t proc none /proc
/bin/busybox mount -t sysfs none /sys
echo "CELL-UP: $(/bin/busybox uname -m), $(/bin/busybox nproc) CPUs, $(/bin/busybox cat /proc/device-tree/model)"
exec /bin/busybox sh
`;

const DIRECTORY = 0o40755;
const PROGRAM = 0o100755;
const CHARACTER_DEVICE = 0o20600;

/** An initramfs with a shell on the console: a cpio archive (cpio(5), "new ASCII format"). */
export function makeInitrd(): Buffer {
  return Buffer.concat([
    entry('dev', DIRECTORY),
    entry('dev/console', CHARACTER_DEVICE, Buffer.alloc(0), [5, 1]),
    entry('proc', DIRECTORY),
    entry('sys', DIRECTORY),
    entry('bin', DIRECTORY),
    entry('bin/busybox', PROGRAM, readFileSync(join(folder, 'busybox'))),
    entry('init', PROGRAM, Buffer.from(INIT)),
    entry('TRAILER!!!', 0),
  ]);
}

function entry(name: string, mode: number, content: Uint8Array = new Uint8Array(), device = [0, 0]): Buffer {
  const [major = 0, minor = 0] = device;
  const links = 1;
  const fields = [0, mode, 0, 0, links, 0, content.length, 0, 0, major, minor, name.length + 1, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([padded(Buffer.from(`${header}${name}\0`)), padded(Buffer.from(content))]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}
