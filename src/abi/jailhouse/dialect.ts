/**
 * A layout of the binary configs. The revision number alone does not tell it: NXP extended the structs without
 * changing the number (jailhouse-abi reference, section 0). `upstream-13` is the 488-byte layout, not the one that
 * existed for a day before it.
 */
export const DIALECTS = [
  'upstream-8',
  'upstream-9',
  'nxp-9',
  'upstream-10',
  'nxp-10',
  'upstream-11',
  'upstream-12',
  'nxp-12',
  'upstream-13',
  'upstream-14',
] as const;

export type Dialect = (typeof DIALECTS)[number];

export interface DialectTraits {
  readonly vendor: 'upstream' | 'nxp';
  /** The number in the file's `revision` field. */
  readonly revision: number;
}

export function isDialect(name: string): name is Dialect {
  return (DIALECTS as readonly string[]).includes(name);
}

export function dialectTraits(dialect: Dialect): DialectTraits {
  const [vendor, revision] = dialect.split('-') as ['upstream' | 'nxp', string];
  return { vendor, revision: Number(revision) };
}

/** The dialects that a file with this revision number may be in, upstream's first. */
export function dialectsOfRevision(revision: number): readonly Dialect[] {
  return DIALECTS.filter((dialect) => dialectTraits(dialect).revision === revision);
}

/** Caches what is built per dialect: most programs meet one of them. */
export function perDialect<T>(build: (traits: DialectTraits, dialect: Dialect) => T): (dialect: Dialect) => T {
  const built = new Map<Dialect, T>();
  return (dialect) => {
    let one = built.get(dialect);
    if (one === undefined) {
      one = build(dialectTraits(dialect), dialect);
      built.set(dialect, one);
    }
    return one;
  };
}
