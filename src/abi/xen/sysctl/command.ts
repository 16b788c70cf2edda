import { u32 } from '../../field';
import { StructLayout } from '../../layout';
import { referencesOf } from '../argument';
import type { Buffers, HypercallArgument } from '../argument';

/** One sysctl: its number, and the member of the union that it uses. */
export interface SysctlCommand<T extends object> {
  readonly name: string;
  readonly number: number;
  readonly layout: StructLayout<T>;
}

/** What stands before the union (xen-abi reference 6). */
export const sysctlHeaderLayout = new StructLayout<{ command: number; interfaceVersion: number }>('xen_sysctl', [
  u32('command'),
  u32('interfaceVersion'),
]);

/** All releases here have 128 bytes for the union. */
export const SYSCTL_BYTES = 136;

/** Fields that are left out are zero; those that hold addresses are named in `buffers`. */
export function encodeSysctl<T extends object>(
  interfaceVersion: number,
  command: SysctlCommand<T>,
  fields: Partial<T> = {},
  buffers: Buffers = {},
): HypercallArgument {
  const bytes = new Uint8Array(SYSCTL_BYTES);
  bytes.set(sysctlHeaderLayout.encode({ command: command.number, interfaceVersion }));
  bytes.set(command.layout.encode(fields as T), sysctlHeaderLayout.sizeBytes);
  return { bytes, references: referencesOf(command.layout, buffers, sysctlHeaderLayout.sizeBytes) };
}

/** The union's member as Xen left it. */
export function decodeSysctl<T extends object>(layout: StructLayout<T>, { bytes }: HypercallArgument): T {
  return layout.decode(bytes, sysctlHeaderLayout.sizeBytes);
}
