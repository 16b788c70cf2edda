import { dialectTraits, diffConfigs } from '../../abi/jailhouse';
import { show as showHex } from '../../abi/value';
import { cFieldName, isCounted } from '../field-names';
import { align } from './align';
import type { CellConfig, DecodedConfig, Irqchip, MemoryRegion, PciDevice, SystemConfig } from '../../abi/jailhouse';

/** One thing that two configs do not have in common. */
export interface Difference {
  readonly kind: 'changed' | 'removed' | 'added';
  /** By its name in C; of an array element by its index in the first config, of an added one in the second. */
  readonly field: string;
  readonly a?: string;
  readonly b?: string;
}

/** Arrays whose elements are paired by what they are about, so that one more at the front does not change all. */
interface PairedArray<T> {
  readonly property: 'memoryRegions' | 'irqchips' | 'pciDevices';
  readonly of: (cell: CellConfig) => readonly T[];
  readonly same: (a: T, b: T) => boolean;
}

const MEMORY: PairedArray<MemoryRegion> = {
  property: 'memoryRegions',
  of: ({ memoryRegions }) => memoryRegions,
  same: (a, b) => a.physStart === b.physStart && a.virtStart === b.virtStart,
};
const IRQCHIPS: PairedArray<Irqchip> = {
  property: 'irqchips',
  of: ({ irqchips }) => irqchips,
  same: (a, b) => a.address === b.address && a.pinBase === b.pinBase,
};
const DEVICES: PairedArray<PciDevice> = {
  property: 'pciDevices',
  of: ({ pciDevices }) => pciDevices,
  same: (a, b) => a.type === b.type && a.bdf === b.bdf && a.domain === b.domain,
};

/**
 * What two configs of any dialects do not have in common, in the order of the file. A field that one dialect does not have
 * is equal to zero in the other.
 */
export function diffDecoded(a: DecodedConfig, b: DecodedConfig): Difference[] {
  const differences: Difference[] = [];
  if (a.kind !== b.kind) {
    return [{ kind: 'changed', field: 'signature', a: `${a.kind} config`, b: `${b.kind} config` }];
  }
  const revisions = [a, b].map(({ dialect }) => `${dialectTraits(dialect).revision} (${dialect})`);
  if (a.dialect !== b.dialect) {
    differences.push({ kind: 'changed', field: 'revision', a: revisions[0] as string, b: revisions[1] as string });
  }
  const cells = [cellOf(a), cellOf(b)] as const;
  const scalar = diffConfigs(withoutArrays(a), withoutArrays(b)).map(({ path, a: one, b: other }) => ({
    kind: 'changed' as const,
    field: cFieldName(path),
    a: show(path, one),
    b: show(path, other),
  }));
  return [
    ...differences,
    ...scalar,
    ...diffArray(MEMORY, ...cells),
    ...diffArray(IRQCHIPS, ...cells),
    ...diffArray(DEVICES, ...cells),
  ];
}

function diffArray<T extends object>(array: PairedArray<T>, a: CellConfig, b: CellConfig): Difference[] {
  const [ofA, ofB] = [array.of(a), array.of(b)];
  const name = cFieldName(array.property);
  return align(ofA, ofB, array.same).flatMap((step): Difference[] => {
    switch (step.kind) {
      case 'onlyA':
        return [{ kind: 'removed', field: `${name}[${step.a}]`, a: element(ofA[step.a] as T) }];
      case 'onlyB':
        return [{ kind: 'added', field: `${name}[${step.b}]`, b: element(ofB[step.b] as T) }];
      case 'both':
        return diffElement(`${name}[${step.a}]`, ofA[step.a] as T, ofB[step.b] as T);
    }
  });
}

function diffElement(field: string, a: object, b: object): Difference[] {
  // The comparison of whole configs compares any two objects by their members.
  return diffConfigs(a as CellConfig, b as CellConfig).map(({ path, a: one, b: other }) => ({
    kind: 'changed',
    field: `${field}.${cFieldName(path)}`,
    a: show(path, one),
    b: show(path, other),
  }));
}

function element(fields: object): string {
  const entries = Object.entries(fields).map(([property, value]) => `${cFieldName(property)} ${show(property, value)}`);
  return entries.join(', ');
}

/** @param path of the value in the decoded config; undefined stands for zero */
function show(path: string, value: unknown = 0): string {
  const name = cFieldName(path).split('.').at(-1) as string;
  return isCounted(name) && typeof value === 'number' ? `${value}` : showHex(value);
}

function cellOf(decoded: DecodedConfig): CellConfig {
  return decoded.kind === 'system' ? decoded.config.rootCell : decoded.config;
}

function withoutArrays({ kind, config }: DecodedConfig): SystemConfig | CellConfig {
  const strip = (cell: CellConfig): CellConfig => ({ ...cell, memoryRegions: [], irqchips: [], pciDevices: [] });
  return kind === 'system' ? { ...config, rootCell: strip(config.rootCell) } : strip(config);
}

/** A line for each: `~` changed, `-` only in the first, `+` only in the second. */
export function formatDifferences(differences: readonly Difference[]): string {
  return differences.map((one) => `${formatDifference(one)}\n`).join('');
}

function formatDifference({ kind, field, a, b }: Difference): string {
  switch (kind) {
    case 'changed':
      return `~ ${field}: ${a} -> ${b}`;
    case 'removed':
      return `- ${field}: ${a}`;
    case 'added':
      return `+ ${field}: ${b}`;
  }
}
