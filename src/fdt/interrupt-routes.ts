import { addressCells, cellCount, reg } from './addresses';
import { interruptMap, interrupts } from './interrupts';
import { fromCells } from './value';
import type { Interrupt, MappedInterrupt } from './interrupts';
import type { DeviceTreeNode } from './node';
import type { DeviceTree } from './tree';

/**
 * The node's interrupts at the controllers where they end: through every nexus on the way, by its `interrupt-map` and
 * `interrupt-map-mask` (Devicetree Specification 2.4.3 and 2.4.4). One that a map does not have is left out: it is wired
 * to nothing. Throws as `interrupts` does.
 */
export function routedInterrupts(tree: DeviceTree, node: DeviceTreeNode): Interrupt[] {
  const own = interrupts(tree, node);
  return own.length === 0 ? [] : new Routes(tree).followAll(own, firstAddress(node));
}

/** What a nexus hands on for the devices behind it, also for those that only a probe of its bus finds, in the same way. */
export function routedMap(tree: DeviceTree, nexus: DeviceTreeNode): Interrupt[] {
  const routes = new Routes(tree);
  return interruptMap(tree, nexus).flatMap((line) => routes.followAll([line], line.parentUnitAddress));
}

/** A map, to be looked up by address and specifier. */
interface Table {
  readonly addressMask: bigint;
  readonly cellMasks: readonly number[];
  readonly lines: ReadonlyMap<string, MappedInterrupt>;
}

/** Maps that were read already: a device can have many interrupts. */
class Routes {
  private readonly tables = new Map<DeviceTreeNode, Table>();

  constructor(private readonly tree: DeviceTree) {}

  followAll(all: readonly Interrupt[], unitAddress: bigint): Interrupt[] {
    return all.flatMap((interrupt) => this.follow(interrupt, unitAddress) ?? []);
  }

  private follow(start: Interrupt, startAddress: bigint): Interrupt | undefined {
    const passed = new Set<DeviceTreeNode>();
    let interrupt: Interrupt | undefined = start;
    let address = startAddress;
    while (interrupt && isNexus(interrupt.controller)) {
      const nexus: DeviceTreeNode = interrupt.controller;
      if (passed.has(nexus)) throw nexus.property('interrupt-map')?.misfit('a way to a controller, not a circle');
      passed.add(nexus);
      const next: MappedInterrupt | undefined = this.lookUp(nexus, address, interrupt.cells);
      address = next?.parentUnitAddress ?? 0n;
      interrupt = next;
    }
    return interrupt && { controller: interrupt.controller, cells: interrupt.cells };
  }

  private lookUp(nexus: DeviceTreeNode, address: bigint, cells: readonly number[]): MappedInterrupt | undefined {
    const { addressMask, cellMasks, lines } = this.tables.get(nexus) ?? this.read(nexus);
    const masked = cells.map((cell, index) => (cell & (cellMasks[index] ?? 0)) >>> 0);
    return lines.get(key(address & addressMask, masked));
  }

  private read(nexus: DeviceTreeNode): Table {
    const lines = new Map<string, MappedInterrupt>();
    for (const line of interruptMap(this.tree, nexus)) {
      const name = key(line.unitAddress, line.childCells);
      if (!lines.has(name)) lines.set(name, line);
    }
    const addressCount = addressCells(nexus);
    const count = addressCount + cellCount(nexus, '#interrupt-cells', 0);
    const property = nexus.property('interrupt-map-mask');
    const mask = property?.u32s() ?? Array.from({ length: count }, () => 0xffff_ffff);
    if (property && mask.length !== count) throw property.misfit(`${count} cells, an address and a specifier`);
    const table = { addressMask: fromCells(mask.slice(0, addressCount)), cellMasks: mask.slice(addressCount), lines };
    this.tables.set(nexus, table);
    return table;
  }
}

/** A controller takes interrupts itself, whatever else it has. */
function isNexus(node: DeviceTreeNode): boolean {
  return node.has('interrupt-map') && !node.has('interrupt-controller');
}

function firstAddress(node: DeviceTreeNode): bigint {
  return reg(node)[0]?.address ?? 0n;
}

function key(address: bigint, cells: readonly number[]): string {
  return `${address}:${cells.join(',')}`;
}
