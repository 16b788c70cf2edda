import { ConfigError } from '../../../errors';
import { cellDescriptorLayout } from './cell';
import { decodeCellDescriptor, decodeSystemHeader } from './header';
import { findImplausible } from './plausible';
import { cellSizeBytes, systemHeaderSizeBytes, systemSizeBytes } from './size';
import type { Dialect } from '../dialect';
import type { Architecture } from './cell';
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
  const [found, other] = fitting.filter(({ contradiction }) => contradiction === undefined);
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
  const [misleading] = fitting;
  if (misleading?.contradiction) {
    throw misleading.contradiction;
  }
  const [likely, unlikely] = candidates.sort((a, b) => strangeness(a, bytes) - strangeness(b, bytes)) as [
    Candidate,
    Candidate,
  ];
  const doubt = `${describe(likely)} and ${describe(unlikely)}; the file has ${bytes.length}`;
  return { dialect: likely.dialect, doubt };
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
  const path = kind === 'system' ? 'rootCell.' : '';
  return { dialect, sizeBytes, contradiction: findImplausible(bytes, descriptor, dialect, start, path) };
}

function sameCellLayout(a: Dialect, b: Dialect): boolean {
  return cellDescriptorLayout(a).sizeBytes === cellDescriptorLayout(b).sizeBytes;
}

/** What is wrong with the content counts for more than any difference in length. */
function strangeness({ sizeBytes, contradiction }: Candidate, bytes: Uint8Array): number {
  return Math.abs(sizeBytes - bytes.length) + (contradiction ? Number.MAX_SAFE_INTEGER / 2 : 0);
}

function describe({ dialect, sizeBytes }: Candidate): string {
  return `as ${dialect} it would have ${sizeBytes} bytes`;
}
