import { isBlank } from '../../value';
import type { CellConfig } from './cell';
import type { SystemConfig } from './system';

/** One value that two configs do not have in common. */
export interface ConfigDifference {
  /** Such as `rootCell.memoryRegions[3].size`. */
  readonly path: string;
  /** `undefined`: not there, which for a plain value means the same as zero. */
  readonly a: unknown;
  readonly b: unknown;
}

/**
 * Compares two decoded configs, of any dialects, field by field in the order of the file. A field that one dialect
 * does not have is equal to zero in the other; an architecture that one of them does not state is no difference.
 */
export function diffConfigs(a: SystemConfig | CellConfig, b: SystemConfig | CellConfig): ConfigDifference[] {
  return diffObjects(a, b, '').filter(
    (one) => one.path !== 'architecture' || (one.a !== undefined && one.b !== undefined),
  );
}

function diffObjects(a: object, b: object, prefix: string): ConfigDifference[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return names.flatMap((name) =>
    diffValues((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name], prefix + name),
  );
}

function diffValues(a: unknown, b: unknown, path: string): ConfigDifference[] {
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return sameBytes(a, b) ? [] : [{ path, a, b }];
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return diffArrays((a as unknown[] | undefined) ?? [], (b as unknown[] | undefined) ?? [], path);
  }
  if (isObject(a) && isObject(b)) {
    return diffObjects(a, b, `${path}.`);
  }
  return a === b || (isBlank(a) && isBlank(b)) ? [] : [{ path, a, b }];
}

function diffArrays(a: readonly unknown[], b: readonly unknown[], path: string): ConfigDifference[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => index).flatMap((index) => {
    const element = `${path}[${index}]`;
    return index < a.length && index < b.length
      ? diffValues(a[index], b[index], element)
      : [{ path: element, a: a[index], b: b[index] }];
  });
}

function sameBytes(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((byte, index) => byte === b[index]);
  }
  return isBlank(a) && isBlank(b);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
