import { FdtError } from './fdt-error';
import { MAX_DEPTH, MAX_PHANDLE, nameProblem } from './format';
import { Property } from './property';
import { encodeValue } from './value';
import type { PropertySource } from './property';
import type { PropertyValue } from './value';

/** Where a node stood in the blob that it was read from. */
export interface NodeSource {
  readonly nopsBefore: number;
  readonly nopsBeforeEnd: number;
  /** Bytes that fill the name up to a multiple of 4, where they are not zeros. */
  readonly namePadding?: Uint8Array;
}

/** A node: an ordered set of properties and an ordered set of children, each by its name. */
export class DeviceTreeNode {
  #parent: DeviceTreeNode | undefined;
  #properties = new Map<string, Property>();
  #children = new Map<string, DeviceTreeNode>();
  /** Children by their names without unit address, the first of each; made when first needed. */
  #childrenByBaseName: Map<string, DeviceTreeNode> | undefined;
  /** @internal */
  source: NodeSource | undefined;

  /** A node without a parent. Throws `FdtError` (`E_FDT_NAME`); the root's name is empty, and only `DeviceTree` makes one. */
  constructor(readonly name: string) {
    const problem = name === '' ? undefined : nameProblem(name, 'node');
    if (problem) throw badName(`the node name ${JSON.stringify(name)} ${problem}`);
  }

  get parent(): DeviceTreeNode | undefined {
    return this.#parent;
  }

  /** In their order; ask again for a second pass. */
  get properties(): IterableIterator<Property> {
    return this.#properties.values();
  }

  /** In their order; ask again for a second pass. */
  get children(): IterableIterator<DeviceTreeNode> {
    return this.#children.values();
  }

  get propertyCount(): number {
    return this.#properties.size;
  }

  get childCount(): number {
    return this.#children.size;
  }

  /** The name up to the `@`. */
  get baseName(): string {
    const at = this.name.indexOf('@');
    return at < 0 ? this.name : this.name.slice(0, at);
  }

  /** What follows the `@` of the name; `undefined` without one. */
  get unitAddress(): string | undefined {
    const at = this.name.indexOf('@');
    return at < 0 ? undefined : this.name.slice(at + 1);
  }

  /** From the root, such as `/soc@0/bus@30800000`; the root is `/`. */
  get path(): string {
    if (!this.#parent) return this.name || '/';
    return `${this.#parent.#parent || this.#parent.name ? this.#parent.path : ''}/${this.name}`;
  }

  /** How many nodes are above this one: 0 for a root. */
  get depth(): number {
    return this.#parent ? this.#parent.depth + 1 : 0;
  }

  /** The number that other nodes refer to it by: `phandle`, or the older `linux,phandle`. */
  get phandle(): number | undefined {
    for (const name of ['phandle', 'linux,phandle']) {
      const property = this.#properties.get(name);
      if (property?.value.length === 4) {
        const phandle = property.u32();
        return phandle === 0 || phandle > MAX_PHANDLE ? undefined : phandle;
      }
    }
    return undefined;
  }

  /** Its own `status` says `okay`, `ok`, or nothing (Devicetree Specification 2.3.4). */
  get isOkay(): boolean {
    const property = this.#properties.get('status');
    return property === undefined || ['okay', 'ok'].includes(property.strings()[0] ?? '');
  }

  /** It and all above it are okay. */
  get isAvailable(): boolean {
    return this.isOkay && (this.#parent?.isAvailable ?? true);
  }

  property(name: string): Property | undefined {
    return this.#properties.get(name);
  }

  has(name: string): boolean {
    return this.#properties.has(name);
  }

  /** `Property.u32` and so on; `undefined` when there is no such property. */
  u32(name: string): number | undefined {
    return this.#properties.get(name)?.u32();
  }
  u32s(name: string): number[] | undefined {
    return this.#properties.get(name)?.u32s();
  }
  u64(name: string): bigint | undefined {
    return this.#properties.get(name)?.u64();
  }
  u64s(name: string): bigint[] | undefined {
    return this.#properties.get(name)?.u64s();
  }
  string(name: string): string | undefined {
    return this.#properties.get(name)?.string();
  }
  strings(name: string): string[] | undefined {
    return this.#properties.get(name)?.strings();
  }

  /** One of the strings of `compatible` is `name`. */
  isCompatible(name: string): boolean {
    return this.strings('compatible')?.includes(name) ?? false;
  }

  /** The child of that name or, for a name without `@`, the first child that has this name before its `@`. */
  child(name: string): DeviceTreeNode | undefined {
    const exact = this.#children.get(name);
    if (exact || name.includes('@')) return exact;
    if (!this.#childrenByBaseName) {
      this.#childrenByBaseName = new Map();
      for (const child of this.#children.values()) {
        if (!this.#childrenByBaseName.has(child.baseName)) this.#childrenByBaseName.set(child.baseName, child);
      }
    }
    return this.#childrenByBaseName.get(name);
  }

  /** The child of exactly that name. */
  exactChild(name: string): DeviceTreeNode | undefined {
    return this.#children.get(name);
  }

  /** The node at a path below this one, such as `bus@30800000/serial`, each name as `child` takes it. */
  find(path: string): DeviceTreeNode | undefined {
    const names = path.split('/').filter((name) => name !== '');
    return names.reduce<DeviceTreeNode | undefined>((node, name) => node?.child(name), this);
  }

  /** This node and all below it, parents before children, in the tree's order. */
  *walk(): Generator<DeviceTreeNode, void> {
    yield this;
    for (const child of this.#children.values()) yield* child.walk();
  }

  /**
   * Sets a property; an existing one keeps its place. Throws `FdtError` (`E_FDT_NAME`, `E_FDT_VALUE`).
   *
   *     node.set('compatible', ['fsl,imx8mq-uart', 'fsl,imx6q-uart']).set('status', 'okay').set('reg', [0, 0x30890000, 0, 0x10000]);
   */
  set(name: string, value: PropertyValue): this {
    const old = this.#properties.get(name);
    const problem = old ? undefined : nameProblem(name, 'property');
    if (problem) throw badName(`${this.path}: the property name ${JSON.stringify(name)} ${problem}`);
    const property = new Property(this, name, encodeValue(value, `${this.path}:${name}`));
    this.#properties.set(name, property);
    return this;
  }

  /** Removes a property; false when there was none. */
  unset(name: string): boolean {
    return this.#properties.delete(name);
  }

  /** Adds a child without properties. Throws `FdtError` (`E_FDT_NAME`, `E_FDT_DUPLICATE`, `E_FDT_DEPTH`). */
  add(name: string): DeviceTreeNode {
    if (name === '') throw badName(`${this.path}: a child needs a name`);
    return this.attach(new DeviceTreeNode(name));
  }

  /** Adds a node that has no parent, with all below it, such as a clone. Throws as `add` does. */
  attach(node: DeviceTreeNode): DeviceTreeNode {
    if (node.#parent || node.name === '' || this.isBelow(node)) {
      throw badName(`${this.path}: ${node.path} is a root, or has a parent already`);
    }
    if (this.#children.has(node.name)) {
      throw new FdtError(`${this.path} has a child ${node.name} already`, {
        code: 'E_FDT_DUPLICATE',
        operation: 'add node',
      });
    }
    if (this.depth + 1 + node.height() > MAX_DEPTH) {
      throw new FdtError(`${this.path}: with ${node.name}, nodes are more than ${MAX_DEPTH} deep`, {
        code: 'E_FDT_DEPTH',
        operation: 'add node',
      });
    }
    this.adopt(node);
    return node;
  }

  /** Takes the node, with all below it, out of its tree. */
  detach(): this {
    if (this.#parent) {
      this.#parent.#children.delete(this.name);
      this.#parent.#childrenByBaseName = undefined;
      this.#parent = undefined;
    }
    return this;
  }

  /** A copy, with all below it, that has no parent. */
  clone(): DeviceTreeNode {
    return this.copy(false);
  }

  /** A copy that remembers how it was laid out, for a copy of the whole tree. @internal */
  copy(withSource: boolean): DeviceTreeNode {
    const copy = new DeviceTreeNode(this.name);
    copy.source = withSource ? this.source : undefined;
    for (const { name, value, source } of this.#properties.values()) {
      copy.#properties.set(name, new Property(copy, name, value, withSource ? source : undefined));
    }
    for (const child of this.#children.values()) copy.adopt(child.copy(withSource));
    return copy;
  }

  /** What the reader does instead of `set`: it has checked. @internal */
  load(name: string, value: Uint8Array, source: PropertySource): void {
    this.#properties.set(name, new Property(this, name, value, source));
  }

  /** `attach` without checks. @internal */
  adopt(node: DeviceTreeNode): void {
    node.#parent = this;
    this.#childrenByBaseName = undefined;
    this.#children.set(node.name, node);
  }

  /** Reverses what was added after these counts were taken, and puts it in front: libfdt's order. @internal */
  moveNewToFront(propertyCount: number, childCount: number): void {
    this.#properties = newestFirst(this.#properties, propertyCount);
    this.#children = newestFirst(this.#children, childCount);
  }

  /** Levels of nodes from here down. */
  private height(): number {
    let below = 0;
    for (const child of this.#children.values()) below = Math.max(below, child.height());
    return 1 + below;
  }

  private isBelow(node: DeviceTreeNode): boolean {
    return this === node || (this.#parent?.isBelow(node) ?? false);
  }
}

function newestFirst<T>(items: Map<string, T>, oldCount: number): Map<string, T> {
  if (items.size === oldCount) return items;
  const entries = [...items];
  return new Map([...entries.slice(oldCount).reverse(), ...entries.slice(0, oldCount)]);
}

function badName(message: string): FdtError {
  return new FdtError(message, { code: 'E_FDT_NAME', operation: 'edit device tree' });
}
