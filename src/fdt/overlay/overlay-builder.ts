import { FdtError } from '../fdt-error';
import { DeviceTreeNode } from '../node';
import { DeviceTree } from '../tree';
import type { Property } from '../property';

/** A node of the base tree by its label; which node that is, the base's `__symbols__` says. */
export interface SymbolReference {
  readonly symbol: string;
}

/** A cell of a property: a number, or the phandle of a node of the base or of the overlay itself. */
export type OverlayCell = number | SymbolReference | DeviceTreeNode;

/** `symbol('gic')` is what a source file writes as `&gic`. */
export function symbol(label: string): SymbolReference {
  return { symbol: label };
}

/** What stands for a phandle of the base until the overlay is applied. */
const UNRESOLVED = 0xffff_ffff;

/**
 * Makes an overlay as `dtc -@` makes it of a source with `/plugin/`:
 *
 *     const overlay = new OverlayBuilder();
 *     const memory = overlay.fragment('/').add('reserved-memory').add('inmate@bb700000').set('no-map', true);
 *     overlay.setCells(overlay.fragment(symbol('uart2')), 'memory-region', [memory]);
 *     const bytes = write(overlay.build());
 */
export class OverlayBuilder {
  readonly #root = new DeviceTreeNode('');
  readonly #references = new Map<Property, readonly OverlayCell[]>();
  readonly #labels = new Map<string, DeviceTreeNode>();

  /**
   * Adds a fragment, and gives the node whose properties and children are merged into the target: a path or alias, a label,
   * or a phandle that is known to be the base's.
   */
  fragment(target: string | SymbolReference | number): DeviceTreeNode {
    const fragment = this.#root.add(`fragment@${this.#root.childCount}`);
    if (typeof target === 'string') fragment.set('target-path', target);
    else this.setCells(fragment, 'target', [target]);
    return fragment.add('__overlay__');
  }

  /** Sets a property of a node of this overlay to cells among which are references. Throws as `node.set` does. */
  setCells(node: DeviceTreeNode, name: string, cells: readonly OverlayCell[]): void {
    node.set(
      name,
      cells.map((cell) => (typeof cell === 'number' ? cell : UNRESOLVED)),
    );
    this.#references.set(node.property(name) as Property, cells);
  }

  /** Lets later overlays refer to a node of this one. */
  label(label: string, node: DeviceTreeNode): void {
    this.#labels.set(label, node);
  }

  /** The overlay as it is now. Throws `FdtError` (`E_FDT_NOT_FOUND`) when a node referred to is not in the overlay. */
  build(): DeviceTree {
    const overlay = new DeviceTree(this.#root.clone());
    const symbolFixups = new Map<string, string[]>();
    const localFixups: Place[] = [];
    for (const [property, cells] of this.referencesInOrder()) {
      const values = cells.map((cell, index) => {
        if (typeof cell === 'number') return cell;
        const place = { property, offset: 4 * index };
        if (cell instanceof DeviceTreeNode) {
          localFixups.push(place);
          return overlay.phandleOf(this.counterpart(cell, overlay));
        }
        const places = symbolFixups.get(cell.symbol) ?? [];
        symbolFixups.set(cell.symbol, [...places, `${property.path}:${4 * index}`]);
        return UNRESOLVED;
      });
      overlay.get(property.nodePath).set(property.name, values);
    }
    this.addSymbols(overlay);
    if (symbolFixups.size > 0) {
      const fixups = overlay.root.add('__fixups__');
      for (const [label, places] of symbolFixups) fixups.set(label, places);
    }
    if (localFixups.length > 0) addLocalFixups(overlay, localFixups);
    return overlay;
  }

  /** In the order of the tree, whatever order they were set in; without those that were set to something else later. */
  private *referencesInOrder(): Generator<readonly [Property, readonly OverlayCell[]]> {
    for (const node of this.#root.walk()) {
      for (const property of node.properties) {
        const cells = this.#references.get(property);
        if (cells) yield [property, cells];
      }
    }
  }

  private addSymbols(overlay: DeviceTree): void {
    if (this.#labels.size === 0) return;
    const symbols = new DeviceTreeNode('__symbols__');
    for (const [label, node] of this.#labels) symbols.set(label, this.counterpart(node, overlay).path);
    overlay.root.attach(symbols);
  }

  /** The node of the finished overlay that a node of this builder has become. */
  private counterpart(node: DeviceTreeNode, overlay: DeviceTree): DeviceTreeNode {
    const found = this.#root.find(node.path) === node ? overlay.find(node.path) : undefined;
    if (found) return found;
    throw new FdtError(`${node.path} is referred to, and is no node of the overlay`, {
      code: 'E_FDT_NOT_FOUND',
      operation: 'build overlay',
    });
  }
}

interface Place {
  readonly property: Property;
  readonly offset: number;
}

function addLocalFixups(overlay: DeviceTree, places: readonly Place[]): void {
  const fixups = overlay.root.add('__local_fixups__');
  for (const { property, offset } of places) {
    let node = fixups;
    for (const name of property.nodePath.split('/').filter((part) => part !== '')) {
      node = node.exactChild(name) ?? node.add(name);
    }
    node.set(property.name, [...(node.u32s(property.name) ?? []), offset]);
  }
}
