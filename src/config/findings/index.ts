import { cellFindings } from './cell';
import { cpuFindings } from './cpus';
import { hardwareFindings } from './hardware';
import { interruptFindings } from './interrupts';
import { ivshmemFindings } from './ivshmem';
import { memoryFindings } from './memory';
import { virtualPciFindings } from './virtual-pci';
import type { FindingPage } from './page';

export type FindingCode =
  | keyof typeof memoryFindings
  | keyof typeof cpuFindings
  | keyof typeof interruptFindings
  | keyof typeof virtualPciFindings
  | keyof typeof ivshmemFindings
  | keyof typeof cellFindings
  | keyof typeof hardwareFindings;

export interface FindingFamily {
  readonly title: string;
  readonly pages: Readonly<Partial<Record<FindingCode, FindingPage>>>;
}

/** In the order of the document. */
export const FINDING_FAMILIES: readonly FindingFamily[] = [
  { title: 'Memory', pages: memoryFindings },
  { title: 'CPUs', pages: cpuFindings },
  { title: 'Interrupts', pages: interruptFindings },
  { title: 'Virtual PCI', pages: virtualPciFindings },
  { title: 'Shared memory devices', pages: ivshmemFindings },
  { title: 'Cells, consoles and images', pages: cellFindings },
  { title: 'Against a board', pages: hardwareFindings },
];

const all = Object.assign({}, ...FINDING_FAMILIES.map(({ pages }) => pages)) as Readonly<
  Record<FindingCode, FindingPage>
>;

export const FINDING_CODES = Object.keys(all) as readonly FindingCode[];

export function findingPage(code: FindingCode): FindingPage {
  return all[code];
}

/** @param word a code in any case */
export function findingCode(word: string): FindingCode | undefined {
  return FINDING_CODES.find((code) => code === word.toUpperCase());
}

export { SEVERITIES } from './page';
export type { FindingPage, Severity } from './page';
