import { addressCells, cellCount } from './addresses';
import { byPhandle, references } from './references';
import { fromCells } from './value';
import type { DeviceTreeNode } from './node';
import type { DeviceTree } from './tree';

/** One interrupt of a device, in the terms of the controller that it goes to. */
export interface Interrupt {
  readonly controller: DeviceTreeNode;
  /** For a GIC: 0 for an SPI or 1 for a PPI, its number, the trigger flags. */
  readonly cells: readonly number[];
}

/** One line of an `interrupt-map`: what a bus without a controller of its own hands on, and where. */
export interface MappedInterrupt extends Interrupt {
  readonly unitAddress: bigint;
  readonly childCells: readonly number[];
  /** What stands for the device where it goes to; 0 where the controller there needs none. */
  readonly parentUnitAddress: bigint;
}

/**
 * What the node's `interrupts-extended` says or, without it, its `interrupts` (Devicetree Specification 2.4).
 * A controller may be a nexus: `routedInterrupts` follows it. Throws `FdtError` (`E_FDT_PHANDLE`, `E_FDT_VALUE`).
 */
export function interrupts(tree: DeviceTree, node: DeviceTreeNode): Interrupt[] {
  if (node.has('interrupts-extended')) {
    return references(tree, node, 'interrupts-extended', '#interrupt-cells').flatMap((reference) =>
      reference ? [{ controller: reference.node, cells: reference.cells }] : [],
    );
  }
  const property = node.property('interrupts');
  if (!property) return [];
  const controller = interruptParent(tree, node);
  const count = controller ? cellCount(controller, '#interrupt-cells', 0) : 0;
  if (!controller || count === 0) throw property.misfit('below an interrupt controller, or name one');
  const cells = property.u32s();
  if (cells.length % count !== 0) throw property.misfit(`entries of ${count} cells, as ${controller.path} says`);
  return Array.from({ length: cells.length / count }, (_, index) => ({
    controller,
    cells: cells.slice(index * count, (index + 1) * count),
  }));
}

/**
 * Where the node's `interrupts` go: to what `interrupt-parent` names, here or in the nearest node above that has it, or to
 * a node above that takes interrupts itself. `undefined` when there is none. Throws `FdtError` (`E_FDT_PHANDLE`).
 */
export function interruptParent(tree: DeviceTree, node: DeviceTreeNode): DeviceTreeNode | undefined {
  for (let from: DeviceTreeNode | undefined = node; from; from = from.parent) {
    const property = from.property('interrupt-parent');
    if (property) return byPhandle(tree, property.u32(), property);
    if (from.parent?.has('#interrupt-cells')) return from.parent;
  }
  return undefined;
}

/** A nexus's `interrupt-map` (Devicetree Specification 2.4.3); empty without one. Throws as `interrupts` does. */
export function interruptMap(tree: DeviceTree, nexus: DeviceTreeNode): MappedInterrupt[] {
  const property = nexus.property('interrupt-map');
  if (!property) return [];
  const cells = property.u32s();
  const map: MappedInterrupt[] = [];
  let position = 0;
  const take = (count: number): number[] => {
    if (position + count > cells.length) throw property.misfit('whole entries: the last one is cut off');
    return cells.slice(position, (position += count));
  };
  while (position < cells.length) {
    const unitAddress = fromCells(take(addressCells(nexus)));
    const childCells = take(cellCount(nexus, '#interrupt-cells', 0));
    const controller = byPhandle(tree, take(1)[0] as number, property);
    // 2.4.3.1: for this property, a controller that does not say has addresses of no cells.
    const parentUnitAddress = fromCells(take(cellCount(controller, '#address-cells', 0)));
    const parentCells = take(cellCount(controller, '#interrupt-cells', 0));
    map.push({ unitAddress, childCells, controller, parentUnitAddress, cells: parentCells });
  }
  return map;
}
