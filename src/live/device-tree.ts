import { CellvisorError, KernelError } from '../errors';
import { DeviceTree } from '../fdt';
import { cannot } from '../config/create/create-error';
import type { DeviceTreeNode } from '../fdt';
import type { Kernel } from '../kernel/kernel';

/** Where Linux shows the device tree that it uses: a folder a node, a file a property. */
export const LIVE_TREE = '/proc/device-tree';

/**
 * The running board's device tree, with what the boot loader and overlays did to it.
 *
 * @throws KernelError when a part of it cannot be read; `ENOENT` where Linux has none
 */
export async function readLiveTree(kernel: Kernel): Promise<DeviceTree> {
  const tree = new DeviceTree();
  await fill(tree.root, LIVE_TREE, kernel);
  return tree;
}

async function fill(node: DeviceTreeNode, path: string, kernel: Kernel): Promise<void> {
  for (const name of (await kernel.readDirectory(path)).sort(byUnitAddress)) {
    // Linux adds it to each node; its value is the file's own name.
    if (name === 'name') continue;
    const child = `${path}/${name}`;
    if ((await kernel.stat(child)).kind === 'directory') await fill(node.add(name), child, kernel);
    else node.set(name, await kernel.readFile(child));
  }
}

/**
 * The order in which trees are written, which a folder does not keep: cpu@2 before cpu@100. Linux numbers CPUs by it.
 */
function byUnitAddress(a: string, b: string): number {
  const [[baseA = '', unitA = ''], [baseB = '', unitB = '']] = [a.split('@', 2), b.split('@', 2)];
  if (baseA !== baseB) return baseA < baseB ? -1 : 1;
  return unitA.length - unitB.length || (unitA < unitB ? -1 : 1);
}

/** Number of CPUs that /proc/cpuinfo lists; undefined where it does not say. Those of running cells are missing from it. */
export function cpuCountOf(cpuinfo: string): number | undefined {
  return [...cpuinfo.matchAll(/^processor\s*:/gm)].length || undefined;
}

/**
 * Configs are made for arm64 only, and before cells exist.
 *
 * @throws CellvisorError `E_CREATE_MACHINE`
 */
export async function requireArm64(kernel: Kernel): Promise<void> {
  const cpuinfo = await textOf(kernel, '/proc/cpuinfo');
  if (cpuinfo !== undefined && /^vendor_id\s*:/m.test(cpuinfo)) {
    throw cannot(
      'E_CREATE_MACHINE',
      'only arm64 here: configs for x86 machines are made by the C tool of Jailhouse',
      'for a board that this machine is not, give its device tree with --dtb',
    );
  }
  if ((await kernel.readDirectory(LIVE_TREE).catch(none)).length === 0) {
    throw cannot('E_CREATE_MACHINE', 'this machine has no device tree', 'give one with --dtb');
  }
  if ((await textOf(kernel, '/sys/devices/jailhouse/enabled'))?.trim() === '1') {
    throw cannot(
      'E_CREATE_MACHINE',
      'Jailhouse is enabled, and has CPUs and memory that would be missing',
      'disable it first',
    );
  }
}

export async function textOf(kernel: Kernel, path: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await kernel.readFile(path));
  } catch (error) {
    if (error instanceof CellvisorError) return undefined;
    throw error;
  }
}

function none(error: unknown): string[] {
  if (error instanceof KernelError) return [];
  throw error;
}
