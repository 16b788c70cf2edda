import { badValue } from './xl-config-error';

/** A range of CPUs, or of nodes, that is added or, with `isExcluded`, taken away. */
export interface MaskTerm {
  readonly kind: 'cpus' | 'nodes';
  readonly first: number;
  readonly last: number;
  readonly isExcluded: boolean;
}

/** CPUs as a person names them. Which they are is known when the host's nodes are. */
export type CpuMask = { readonly kind: 'all' } | { readonly kind: 'terms'; readonly terms: readonly MaskTerm[] };

/** What a mask is resolved with: the host's CPUs, and the node of each. */
export interface CpuTopology {
  readonly cpuCount: number;
  /** Absent: the host has one node. */
  readonly nodeOf?: (cpu: number) => number | undefined;
}

/** More than any board has; a typing error must not make a list of millions. */
const MAX_CPU = 4095;
const TERM = /^(\^)?\s*(nodes?:)?\s*(\^)?([0-9]+)(?:-([0-9]+))?$/;

/**
 * `all`, `0-3,5,^1`, `node:1`, `nodes:0-1` (xen-abi reference 19).
 * @throws XlConfigError `E_XLCFG_VALUE` in the C tool's words
 */
export function parseCpuMask(text: string, key: string, line: number): CpuMask {
  const words = text.split(',').map((word) => word.trim());
  const terms: MaskTerm[] = [];
  for (const word of words) {
    if (word === 'all' || word === 'nodes:all' || word === 'node:all') {
      if (words.length === 1) return { kind: 'all' };
      terms.push({ kind: 'cpus', first: 0, last: MAX_CPU, isExcluded: false });
      continue;
    }
    const [matched, excluded, unit, excludedBehindUnit, first = '', last = first] = TERM.exec(word) ?? [];
    const range = { first: Number(first), last: Number(last) };
    if (matched === undefined || range.first > range.last || range.last > MAX_CPU) {
      throw badValue(`Invalid pcpu range: ${text}.`, key, line, 'CPUs are written as in 0-3,^1 or node:1 or all');
    }
    terms.push({
      kind: unit ? 'nodes' : 'cpus',
      ...range,
      isExcluded: excluded !== undefined || excludedBehindUnit !== undefined,
    });
  }
  return { kind: 'terms', terms };
}

/** The CPUs that a mask means, ascending. A CPU that the host does not have is kept when it is named: Xen decides. */
export function resolveCpuMask(mask: CpuMask, topology: CpuTopology): number[] {
  const hostCpus = Array.from({ length: topology.cpuCount }, (_, cpu) => cpu);
  if (mask.kind === 'all') return hostCpus;
  const chosen = new Set<number>();
  for (const { kind, first, last, isExcluded } of mask.terms) {
    const cpus =
      kind === 'nodes'
        ? hostCpus.filter((cpu) => inRange(topology.nodeOf?.(cpu) ?? 0, first, last))
        : range(first, last === MAX_CPU ? Math.max(first, topology.cpuCount - 1) : last);
    for (const cpu of cpus) {
      if (isExcluded) chosen.delete(cpu);
      else chosen.add(cpu);
    }
  }
  return [...chosen].sort((a, b) => a - b);
}

/** It can be resolved without knowing the host. */
export function needsTopology(mask: CpuMask): boolean {
  return mask.kind === 'all' || mask.terms.some(({ kind, last }) => kind === 'nodes' || last === MAX_CPU);
}

function inRange(value: number, first: number, last: number): boolean {
  return value >= first && value <= last;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
