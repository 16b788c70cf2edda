/** What a finding is about. */
export type Area = 'hardware' | 'driver' | 'firmware' | 'config' | 'cpus' | 'memory' | 'pci' | 'uio';

/**
 * `problem`: enable, or the creation of a cell that was named, cannot work. `warning`: something else cannot, or could not
 * be looked at. `ok`: looked at, and in order.
 */
export type Severity = 'ok' | 'warning' | 'problem';

export interface Finding {
  /** Stable, for programs: `memory.in-use`. docs/doctor.md lists them all. */
  readonly code: `${Area}.${string}`;
  readonly severity: Severity;
  /** One line. */
  readonly what: string;
  /** One line: what to do. */
  readonly remedy?: string;
}

export function ok(area: Area, what: string): Finding {
  return { code: `${area}.ok`, severity: 'ok', what };
}

export function warning(code: Finding['code'], what: string, remedy: string): Finding {
  return { code, severity: 'warning', what, remedy };
}

export function problem(code: Finding['code'], what: string, remedy: string): Finding {
  return { code, severity: 'problem', what, remedy };
}
