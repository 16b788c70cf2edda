/** Entries of a grant table, version 1 (xen-abi reference 11). */
import { u16, u32 } from '../field';
import { StructLayout } from '../layout';

/** References that a toolstack fills in before the guest runs. */
export const GRANT_REF_CONSOLE = 0;
export const GRANT_REF_XENSTORE = 1;
export const GRANT_PERMIT_ACCESS = 1;

export interface GrantEntry {
  readonly flags: number;
  /** Who may use it. */
  readonly domain: number;
  readonly frame: number;
}

/** `struct grant_entry_v1`: entry `ref` stands at 8 times `ref` of the shared frame. */
export const grantEntryLayout = new StructLayout<GrantEntry>('grant_entry_v1', [
  u16('flags'),
  u16('domain'),
  u32('frame'),
]);
