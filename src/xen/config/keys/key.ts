/** What a key's value is written as. */
export type KeyKind = 'string' | 'number' | 'boolean' | 'list' | 'string or list' | 'number or string' | 'nested list';

/**
 * acts: it has an effect on Arm. nxp: it has one on NXP's Xen. other: it belongs to another architecture, to a device
 * model, or to a device that this toolstack does not make: it is accepted, and said to be ignored.
 */
export type KeyScope = 'acts' | 'nxp' | 'other';

export interface ConfigKey {
  readonly name: string;
  readonly kind: KeyKind;
  readonly scope: KeyScope;
  /** A few words for `docs/xl-cfg.md`. */
  readonly summary: string;
}
