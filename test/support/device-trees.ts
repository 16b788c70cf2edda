import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianFiles } from './debian-files';

/**
 * Where the device trees of Debian's arm64 kernel are, a folder a vendor: `CELLVISOR_DEVICE_TREES`, or the cache that
 * scripts/fetch-debian-files.mjs fills. They are not part of this project: their licenses are their own.
 */
const folder = debianFiles('device-trees', 'CELLVISOR_DEVICE_TREES');

/** Why tests on real trees are skipped; `undefined` when the trees are there. */
export const noDeviceTrees = existsSync(folder)
  ? undefined
  : `no device trees in ${folder}; scripts/fetch-debian-files.mjs fetches them`;

/** Paths of the trees, such as `freescale/imx8mm-evk.dtb`, of all vendors; none when they are not there. */
export function deviceTreeNames(pattern: RegExp): string[] {
  if (noDeviceTrees) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .sort();
}

export function deviceTreePath(name: string): string {
  return join(folder, name);
}

export function readDeviceTree(name: string): Buffer {
  return readFileSync(deviceTreePath(name));
}

/** Why tests that compare with dtc and fdtoverlay are skipped; `undefined` when these are there, as of Debian 12. */
export const noDtc = dtcProblem();

function dtcProblem(): string | undefined {
  const { stdout } = spawnSync('dtc', ['--version'], { encoding: 'utf8' });
  const version = /DTC (\S+)/.exec(stdout ?? '')?.[1];
  if (version === undefined) return 'no dtc (Debian package device-tree-compiler)';
  return version.startsWith('1.6.1') ? undefined : `dtc is ${version}, and texts are compared with those of 1.6.1`;
}

/** Like `describe`, and skipped with a line that says why when there is a reason. */
export function describeUnless(reason: string | undefined, name: string, tests: () => void): void {
  if (reason === undefined) {
    describe(name, tests);
  } else {
    process.stderr.write(`${name}: skipped: ${reason}\n`);
    test.skip(`${name} (skipped: ${reason})`, () => undefined);
  }
}
