import { ConfigError } from '../../../errors';
import { decodeArrays } from './arrays';
import { cellDescriptorLayout } from './cell';
import { decodeCellDescriptor, decodeSystemHeader } from './header';
import { findImplausible } from './plausible';
import { cellSizeBytes, systemHeaderSizeBytes, systemSizeBytes } from './size';
import type { Dialect } from '../dialect';
import type { Architecture, CellConfig } from './cell';
import type { ConfigIdentity } from './identify';

export interface DetectedDialect {
  readonly dialect: Dialect;
  /** Set when no dialect fits the file: why this one was taken to explain what is wrong with it. */
  readonly doubt?: string;
}

/**
 * Finds the layout of a config whose revision number stands for two of them: NXP extended revisions 9, 10 and 12
 * without changing the number. Only one layout makes the announced arrays end where the file ends (jailhouse-abi
 * reference, section 0); a file cut at just the wrong place is told from a whole one by values that no config holds.
 * A cell of revision 12 has one layout in both dialects and counts as `upstream-12`.
 *
 * @throws ConfigError E_CONFIG_CONTRADICTION when length and content speak for different dialects, E_CONFIG_AMBIGUOUS.
 */
export function detectDialect(
  bytes: Uint8Array,
  identity: ConfigIdentity,
  architecture?: Architecture,
): DetectedDialect {
  const [first, second] = identity.dialects as readonly [Dialect, Dialect | undefined];
  if (second === undefined || (identity.kind === 'cell' && sameCellLayout(first, second))) {
    return { dialect: first };
  }
  const candidates = [first, second].map((dialect) => examine(bytes, identity, dialect, architecture));
  const fitting = candidates.filter(({ sizeBytes }) => sizeBytes === bytes.length);
  const believable = fitting.filter(({ contradiction }) => contradiction === undefined);
  const [found, other] = believable;
  if (found && other) {
    throw new ConfigError(`revision ${identity.revision}: ${found.dialect} and ${other.dialect} both fit`, {
      code: 'E_CONFIG_AMBIGUOUS',
      operation: 'detect dialect',
      field: 'revision',
      offset: 6,
      hint: 'say which dialect the file is in',
    });
  }
  if (found) {
    return { dialect: found.dialect };
  }
  const misleading = fitting[0]?.contradiction;
  if (misleading) {
    throw misleading;
  }
  const [nearest, farther] = candidates.sort((a, b) => distance(a, bytes) - distance(b, bytes)) as [
    Candidate,
    Candidate,
  ];
  const doubt = `${describe(nearest)} and ${describe(farther)}; the file has ${bytes.length}`;
  return { dialect: nearest.dialect, doubt };
}

interface Candidate {
  readonly dialect: Dialect;
  /** Length that the header announces, or at least the header's own when the file is shorter than that. */
  readonly sizeBytes: number;
  readonly contradiction?: ConfigError | undefined;
}

function examine(
  bytes: Uint8Array,
  { kind }: ConfigIdentity,
  dialect: Dialect,
  architecture: Architecture | undefined,
): Candidate {
  const start = kind === 'cell' ? cellDescriptorLayout(dialect).sizeBytes : systemHeaderSizeBytes(dialect);
  if (bytes.length < start) {
    return { dialect, sizeBytes: start };
  }
  const header = kind === 'system' ? decodeSystemHeader(bytes, dialect, architecture) : undefined;
  const descriptor = header?.rootCell ?? decodeCellDescriptor(bytes, dialect);
  const sizeBytes = header ? systemSizeBytes(header, dialect) : cellSizeBytes(descriptor, dialect);
  if (sizeBytes !== bytes.length) {
    return { dialect, sizeBytes };
  }
  const path = kind === 'system' ? 'rootCell.' : '';
  const place = { start, path, operation: 'detect dialect', trailing: 'reject' } as const;
  const cell: CellConfig = decodeArrays(bytes, descriptor, dialect, place);
  return { dialect, sizeBytes, contradiction: findImplausible(cell, dialect, place) };
}

function sameCellLayout(a: Dialect, b: Dialect): boolean {
  return cellDescriptorLayout(a).sizeBytes === cellDescriptorLayout(b).sizeBytes;
}

function distance({ sizeBytes }: Candidate, bytes: Uint8Array): number {
  return Math.abs(sizeBytes - bytes.length);
}

function describe({ dialect, sizeBytes }: Candidate): string {
  return `as ${dialect} it would have ${sizeBytes} bytes`;
}
