import { FdtError } from '../fdt-error';
import type { DeviceTreeNode } from '../node';
import type { Property } from '../property';
import type { DeviceTree } from '../tree';

/**
 * Writes the phandles of the base's nodes where `__fixups__` says: its properties are labels, and each of their strings
 * is a place in the overlay, `/fragment@0/__overlay__:clocks:4`.
 * Throws `FdtError` (`E_FDT_OVERLAY_SYMBOL`, `E_FDT_OVERLAY_FIXUP`).
 */
export function applySymbolFixups(base: DeviceTree, overlay: DeviceTree): void {
  const fixups = overlay.root.exactChild('__fixups__');
  const { symbols } = base;
  for (const fixup of fixups?.properties ?? []) {
    const phandle = phandleOfSymbol(base, symbols, fixup.name);
    const places = fixup.strings();
    if (places.length === 0) throw badFixup(`${fixup.path} names no place`);
    for (const place of places) {
      const [, path = '', name = '', offset = ''] = /^(\/[^:]*):([^:]+):(\d+)$/.exec(place) ?? [];
      const property = overlay.root.find(path)?.property(name);
      if (!property) throw badFixup(`${fixup.path} names ${place}, which the overlay does not have`);
      patch(property, Number(offset), () => phandle, fixup);
    }
  }
}

function phandleOfSymbol(base: DeviceTree, symbols: ReadonlyMap<string, string>, label: string): number {
  const path = symbols.get(label);
  const phandle = path === undefined ? undefined : base.find(path)?.phandle;
  if (phandle !== undefined) return phandle;
  const problem = path === undefined ? '' : `, or ${path}, which it stands for, has no phandle`;
  throw new FdtError(`the overlay refers to ${label}, and the base tree has no such symbol${problem}`, {
    code: 'E_FDT_OVERLAY_SYMBOL',
    operation: 'apply overlay',
    hint: symbols.size === 0 ? 'the base tree has no symbols at all: compile it with dtc -@' : undefined,
  });
}

/**
 * Replaces the overlay's references to its own nodes. `__local_fixups__` has the shape of the overlay; the value of each
 * of its properties is a list of byte offsets within the overlay's property of that name.
 * Throws `FdtError` (`E_FDT_OVERLAY_FIXUP`).
 */
export function patchLocalReferences(overlay: DeviceTree, replace: (phandle: number) => number): void {
  const fixups = overlay.root.exactChild('__local_fixups__');
  if (fixups) patchBelow(fixups, overlay.root, replace);
}

function patchBelow(fixups: DeviceTreeNode, node: DeviceTreeNode, replace: (phandle: number) => number): void {
  for (const fixup of fixups.properties) {
    const property = node.property(fixup.name);
    if (!property) throw badFixup(`${fixup.path} is for ${node.path}:${fixup.name}, which the overlay does not have`);
    for (const offset of fixup.u32s()) patch(property, offset, replace, fixup);
  }
  for (const child of fixups.children) {
    const target = node.child(child.name);
    if (!target) throw badFixup(`${child.path} is for ${child.name} in ${node.path}, which the overlay does not have`);
    patchBelow(child, target, replace);
  }
}

/** Offsets need not be aligned. */
function patch({ path, value }: Property, offset: number, replace: (phandle: number) => number, fixup: Property): void {
  if (offset + 4 > value.length)
    throw badFixup(`${fixup.path} names byte ${offset} of ${path}, which has ${value.length}`);
  const view = new DataView(value.buffer, value.byteOffset, value.length);
  view.setUint32(offset, replace(view.getUint32(offset)));
}

function badFixup(message: string): FdtError {
  return new FdtError(message, { code: 'E_FDT_OVERLAY_FIXUP', operation: 'apply overlay' });
}
