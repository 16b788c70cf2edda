import { cFieldName } from '../field-names';
import { hex } from './words';
import type { MemoryRegion } from '../../abi/jailhouse';
import type { FindingCode, Severity } from '../findings';
import type { Origin } from '../builder/origin';
import type { CheckedCell, CheckedSystem } from './subject';

/** One of the places that disagree. */
export interface Place {
  /** Name of the cell; for a field of the system that of the root cell. Absent: the board. */
  readonly cell?: string;
  readonly file?: string | undefined;
  /** As the C struct calls it: `mem_regions[2].virt_start`. */
  readonly field: string;
  /** What stands there. */
  readonly value: string;
  readonly source?: Origin | undefined;
}

export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What is wrong, in one line. */
  readonly message: string;
  readonly places: readonly Place[];
  /** What to write instead, in one line. */
  readonly remedy: string;
}

/** What a rule says; what it leaves out comes from the table of findings. */
export interface Complaint {
  readonly message: string;
  readonly places: readonly Place[];
  readonly remedy?: string | undefined;
  readonly severity?: Severity | undefined;
}

export type Report = (code: FindingCode, complaint: Complaint) => void;

/** A place in a cell's config. */
export function at({ config, file, sourceOf }: CheckedCell, field: string, value: string): Place {
  return { cell: config.name, file, field, value, source: sourceOf?.(field) };
}

/** A memory region of a cell: the field that matters first, then the others that say where it is. */
export function atRegion(cell: CheckedCell, index: number, field: 'physStart' | 'virtStart' | 'size' | 'flags'): Place {
  const region = cell.config.memoryRegions[index] as MemoryRegion;
  const others = (['physStart', 'virtStart', 'size'] as const).filter(
    (one) => one !== field && !(one === 'virtStart' && region.virtStart === region.physStart),
  );
  const value = [hex(region[field]), ...others.map((one) => `${cFieldName(one)} ${hex(region[one])}`)];
  return at(cell, `mem_regions[${index}].${cFieldName(field)}`, value.join(', '));
}

/** A place in the part of a system config that is not its root cell. */
export function inSystem({ config, file, sourceOf }: CheckedSystem, field: string, value: string): Place {
  return { cell: config.rootCell.name, file, field, value, source: sourceOf?.(field) };
}

/** A place that is no config. */
export function onBoard(field: string, value: string): Place {
  return { field, value };
}
