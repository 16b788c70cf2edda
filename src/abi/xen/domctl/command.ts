import { u16, u32 } from '../../field';
import { StructLayout } from '../../layout';
import { gap } from '../gap';
import { referencesOf } from '../argument';
import type { Buffers, HypercallArgument } from '../argument';

/** One domctl: its number, and the member of the union that it uses, if any. */
export interface DomctlCommand<T extends object = object> {
  readonly name: string;
  readonly number: number;
  readonly layout?: StructLayout<T>;
}

export interface DomctlHeader {
  readonly command: number;
  readonly interfaceVersion: number;
  readonly domain: number;
}

/** What stands before the union (xen-abi reference 5). */
export const domctlHeaderLayout = new StructLayout<DomctlHeader>('xen_domctl', [
  u32('command'),
  u32('interfaceVersion'),
  u16('domain'),
  gap(6),
]);

/** What the encoder must know of a release: Xen copies the whole struct, so it must be there. */
export interface DomctlFormat {
  readonly domctlVersion: number;
  readonly domctlBytes: number;
}

/** Fields that are left out are zero; those that hold addresses are named in `buffers`. */
export function encodeDomctl<T extends object>(
  format: DomctlFormat,
  command: DomctlCommand<T>,
  domain: number,
  fields: Partial<T> = {},
  buffers: Buffers = {},
): HypercallArgument {
  const bytes = new Uint8Array(format.domctlBytes);
  bytes.set(domctlHeaderLayout.encode({ command: command.number, interfaceVersion: format.domctlVersion, domain }));
  if (command.layout === undefined) return { bytes };
  bytes.set(command.layout.encode(fields as T), domctlHeaderLayout.sizeBytes);
  return { bytes, references: referencesOf(command.layout, buffers, domctlHeaderLayout.sizeBytes) };
}

/** The union's member as Xen left it. */
export function decodeDomctl<T extends object>(layout: StructLayout<T>, { bytes }: HypercallArgument): T {
  return layout.decode(bytes, domctlHeaderLayout.sizeBytes);
}

/** The domain that Xen answered for. */
export function decodeDomctlDomain({ bytes }: HypercallArgument): number {
  return domctlHeaderLayout.decode(bytes).domain;
}
