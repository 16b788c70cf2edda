import { FdtError } from './fdt-error';
import { MAX_PHANDLE } from './format';
import { DeviceTreeNode } from './node';
import type { TreeSource } from './source';

/** Memory that the kernel must leave alone (Devicetree Specification 5.3). */
export interface MemoryReservation {
  readonly address: bigint;
  readonly sizeBytes: bigint;
}

/** A device tree. `parse` reads one; `new DeviceTree()` is an empty one; nodes are found here and edited themselves. */
export class DeviceTree {
  /** Of the CPU that boots: its `reg` below `/cpus`. */
  bootCpu = 0;
  /** Room behind everything that the blob has for later edits in place, by a boot loader: what `dtc -p` makes. */
  freeBytes = 0;
  readonly reservations: MemoryReservation[] = [];
  #byPhandle = new Map<number, DeviceTreeNode>();

  constructor(
    readonly root: DeviceTreeNode = new DeviceTreeNode(''),
    /** @internal */
    readonly source?: TreeSource,
  ) {}

  /**
   * The node at a path such as `/soc@0/serial@30890000`. Unit addresses may be left out where the first of that name is
   * meant, and a path that does not start with a slash starts with an alias: `serial0`, `serial0/bluetooth`.
   */
  find(path: string): DeviceTreeNode | undefined {
    if (path.startsWith('/')) return this.root.find(path);
    const [alias = '', ...rest] = path.split('/');
    const target = this.aliases.get(alias);
    return target?.startsWith('/') ? this.root.find(`${target}/${rest.join('/')}`) : undefined;
  }

  /** `find`, for a node that must be there. Throws `FdtError` (`E_FDT_NOT_FOUND`). */
  get(path: string): DeviceTreeNode {
    const node = this.find(path);
    if (!node) {
      throw new FdtError(`the device tree has no node ${path}`, { code: 'E_FDT_NOT_FOUND', operation: 'find node' });
    }
    return node;
  }

  /** All nodes, parents before children, in the tree's order. */
  nodes(): Iterable<DeviceTreeNode> {
    return this.root.walk();
  }

  /** The nodes that one of these names is in the `compatible` of. */
  *compatible(...names: readonly string[]): Generator<DeviceTreeNode, void> {
    for (const node of this.root.walk()) {
      if (names.some((name) => node.isCompatible(name))) yield node;
    }
  }

  /** Paths by alias, from `/aliases`. */
  get aliases(): ReadonlyMap<string, string> {
    return stringsOf(this.root.child('aliases'));
  }

  /** Paths by label, from `/__symbols__`: there when the tree was compiled with `dtc -@`. */
  get symbols(): ReadonlyMap<string, string> {
    return stringsOf(this.root.child('__symbols__'));
  }

  /** The node that other nodes call by this number. */
  byPhandle(phandle: number): DeviceTreeNode | undefined {
    const known = this.#byPhandle.get(phandle);
    if (known?.phandle === phandle && this.has(known)) return known;
    this.#byPhandle = new Map();
    for (const node of this.root.walk()) {
      const own = node.phandle;
      if (own !== undefined && !this.#byPhandle.has(own)) this.#byPhandle.set(own, node);
    }
    return this.#byPhandle.get(phandle);
  }

  /** The greatest phandle in use, 0 when there is none. */
  get maxPhandle(): number {
    let max = 0;
    for (const { phandle = 0 } of this.root.walk()) max = Math.max(max, phandle);
    return max;
  }

  /** The node's phandle; it gets the next free one when it has none. Throws `FdtError` (`E_FDT_PHANDLE`). */
  phandleOf(node: DeviceTreeNode): number {
    if (node.phandle !== undefined) return node.phandle;
    const phandle = this.maxPhandle + 1;
    if (phandle > MAX_PHANDLE) {
      throw new FdtError(`there is no phandle left for ${node.path}`, {
        code: 'E_FDT_PHANDLE',
        operation: 'allocate phandle',
      });
    }
    node.set('phandle', phandle);
    return phandle;
  }

  /** A copy that shares nothing that can be edited. */
  clone(): DeviceTree {
    const copy = new DeviceTree(this.root.copy(true), this.source);
    copy.bootCpu = this.bootCpu;
    copy.freeBytes = this.freeBytes;
    copy.reservations.push(...this.reservations);
    return copy;
  }

  private has(node: DeviceTreeNode): boolean {
    return node === this.root || (node.parent !== undefined && this.has(node.parent));
  }
}

/** Properties that hold one string each; others are left out, as they are in trees that a boot loader has touched. */
function stringsOf(node: DeviceTreeNode | undefined): Map<string, string> {
  const strings = new Map<string, string>();
  for (const { name, value } of node?.properties ?? []) {
    if (value.length > 0 && value.indexOf(0) === value.length - 1) {
      strings.set(name, Buffer.from(value.buffer, value.byteOffset, value.length - 1).toString());
    }
  }
  return strings;
}
