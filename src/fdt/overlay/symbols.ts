import { FdtError } from '../fdt-error';
import { targetOf } from './fragments';
import type { DeviceTreeNode } from '../node';
import type { DeviceTree } from '../tree';
import type { Fragment } from './fragments';

/**
 * Adds the overlay's symbols to those of the base, so that later overlays can refer to its nodes:
 * `/fragment@0/__overlay__/led` becomes the path that the node has now. Symbols for nodes outside of fragments are left out.
 * Throws `FdtError` (`E_FDT_OVERLAY_FIXUP`).
 */
export function mergeSymbols(base: DeviceTree, overlay: DeviceTree, fragments: readonly Fragment[]): void {
  const added = overlay.root.exactChild('__symbols__');
  if (!added) return;
  const byName = new Map(fragments.map((fragment) => [fragment.node.name, fragment]));
  const symbols = symbolsOf(base);
  const { propertyCount, childCount } = symbols;
  for (const symbol of added.properties) {
    const [, name, path = ''] = /^\/([^/]+)\/__overlay__(?:\/(.*))?$/.exec(symbol.string()) ?? [];
    if (name === undefined) continue;
    const fragment = byName.get(name);
    if (!fragment) {
      throw new FdtError(`${symbol.path} is in ${name}, which is no fragment of the overlay`, {
        code: 'E_FDT_OVERLAY_FIXUP',
        operation: 'apply overlay',
      });
    }
    symbols.set(symbol.name, `${targetPath(base, fragment)}/${path}`);
  }
  symbols.moveNewToFront(propertyCount, childCount);
}

/** Without the slash at its end that a root has. The overlay's own words are taken where it names a path. */
function targetPath(base: DeviceTree, fragment: Fragment): string {
  const path = fragment.node.has('target') ? targetOf(base, fragment).path : fragment.node.string('target-path');
  return path === undefined || path === '/' ? '' : path;
}

function symbolsOf(base: DeviceTree): DeviceTreeNode {
  const existing = base.root.exactChild('__symbols__');
  if (existing) return existing;
  const { propertyCount, childCount } = base.root;
  const symbols = base.root.add('__symbols__');
  base.root.moveNewToFront(propertyCount, childCount);
  return symbols;
}
