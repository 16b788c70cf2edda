import { cpuRegions } from '../../fdt';
import { spisOf } from './irqs';
import { merge, rangeBetween, subtract, toPages } from './ranges';
import type { MemoryRange } from '../../boards';
import type { DeviceTree, DeviceTreeNode } from '../../fdt';
import type { Gic } from './gic';

/** A device with registers that CPUs reach. */
export interface Device {
  readonly path: string;
  /** What a wish may call it: `serial@30890000`, its aliases, its labels, and a data sheet's name where we know it. */
  readonly names: readonly string[];
  readonly compatible: readonly string[];
  readonly regions: readonly MemoryRange[];
  readonly spis: readonly number[];
  /** Linux uses it, unless it is given away. */
  readonly isUsed: boolean;
  /** A bus: its registers are those of all behind it. */
  readonly isBus: boolean;
}

export function readDevices(tree: DeviceTree, gic: Gic): Device[] {
  const aliases = reversed(tree.aliases);
  const labels = reversed(tree.symbols);
  return [...tree.nodes()]
    .filter((node) => isDevice(node) && node !== gic.node)
    .flatMap((node) => {
      const regions = cpuRegions(node)
        .filter(({ sizeBytes }) => sizeBytes > 0n)
        .map(({ address, sizeBytes }) => ({ physStart: address, sizeBytes }));
      if (regions.length === 0) return [];
      const compatible = node.strings('compatible') ?? [];
      const own = aliases.get(node.path) ?? [];
      return [
        {
          path: node.path,
          names: [...own, ...(labels.get(node.path) ?? []), node.name, node.path],
          compatible,
          regions,
          spis: spisOf(tree, node, gic.node),
          isUsed: node.isAvailable,
          isBus: node.has('ranges') && node.childCount > 0,
        },
      ];
    });
}

/** How the root cell gets its devices: everything below RAM as NXP's configs do, or only what the tree lists. */
export type DeviceRegions = 'wide' | 'listed';

/**
 * Windows of device registers for the root cell, without what the hypervisor keeps to itself.
 *
 * @param kept registers of the GIC, and of SMMUs
 */
export function deviceWindows(
  devices: readonly Device[],
  ram: readonly MemoryRange[],
  kept: readonly MemoryRange[],
  regions: DeviceRegions,
): MemoryRange[] {
  const listed = devices.filter(({ isBus }) => !isBus).flatMap((device) => device.regions.map(toPages));
  const firstRam = ram.map(({ physStart }) => physStart).reduce((a, b) => (a < b ? a : b));
  const wide = regions === 'wide' ? [rangeBetween(0n, firstRam)] : [];
  return subtract(merge([...wide, ...listed]), [...kept.map(toPages), ...ram]);
}

function isDevice(node: DeviceTreeNode): boolean {
  return (
    node.has('reg') &&
    node.string('device_type') !== 'memory' &&
    !node.path.startsWith('/reserved-memory/') &&
    !node.path.startsWith('/cpus/')
  );
}

/** From names to paths, turned around. */
function reversed(paths: ReadonlyMap<string, string>): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const [name, path] of paths) {
    names.set(path, [...(names.get(path) ?? []), name]);
  }
  return names;
}
