import { routedInterrupts, routedMap } from '../../fdt';
import { SPI_CELL } from './gic';
import type { DeviceTree, DeviceTreeNode } from '../../fdt';

/**
 * SPIs that a node raises at the GIC, each once, in order: its own, and those that it hands on for what is behind it. Other
 * controllers' interrupts are not its own affair.
 */
export function spisOf(tree: DeviceTree, node: DeviceTreeNode, gic: DeviceTreeNode): number[] {
  const all = [...routedInterrupts(tree, node), ...routedMap(tree, node)];
  const spis = all.flatMap(({ controller, cells: [type, number] }) =>
    controller === gic && type === SPI_CELL && number !== undefined ? [number] : [],
  );
  return [...new Set(spis)].sort((a, b) => a - b);
}

/** Every SPI that the tree names, also for devices that are not used: the line is wired to somebody. */
export function allSpis(tree: DeviceTree, gic: DeviceTreeNode): Set<number> {
  return new Set([...tree.nodes()].flatMap((node) => spisOf(tree, node, gic)));
}

/** Lines of one irqchip entry. */
const ENTRY_LINES = 128;
/** What NXP's root cells have, on chips with fewer lines as well. */
const USUAL_LINES = 384;
/** The GIC has no more (IHI 0069, 2.2.1), in whole entries. */
const MOST_LINES = 896;

/** How many SPIs, from 0, the root cell gets. */
export function rootSpiCount(used: ReadonlySet<number>): number {
  const needed = Math.ceil((Math.max(0, ...used) + 1) / ENTRY_LINES) * ENTRY_LINES;
  return Math.min(Math.max(needed, USUAL_LINES), MOST_LINES);
}

/**
 * SPIs that NXP's configs have for virtual PCI on a chip, the root cell's first (jailhouse-hypervisor reference 15). A line that
 * no device tree names may still be wired to something: these are known not to be in the way.
 */
const PROVEN: Readonly<Record<string, readonly number[]>> = {
  imx8mm: [74, 76],
  imx8mn: [74, 76],
  imx8mp: [74, 76],
  imx8mq: [56, 109],
  imx8qm: [86, 90],
  imx8qxp: [86, 90],
};

/** Where to look for SPIs of virtual devices, the best first. */
export function virtualSpiCandidates(soc: string, used: ReadonlySet<number>): number[] {
  const others = Array.from({ length: rootSpiCount(used) }, (_, index) => index);
  return [...(PROVEN[soc] ?? []), ...others.filter((spi) => spi >= 16)];
}
