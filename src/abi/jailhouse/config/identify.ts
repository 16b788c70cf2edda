import { ConfigError } from '../../../errors';
import { dialectsOfRevision, dialectTraits } from '../dialect';
import { show } from '../../value';
import { ARCHITECTURES, CELL_SIGNATURE, CELL_SIGNATURE_V14 } from './cell';
import { SYSTEM_SIGNATURE, SYSTEM_SIGNATURE_V14 } from './system';
import type { Dialect } from '../dialect';
import type { Architecture } from './cell';

export type ConfigKind = 'system' | 'cell';

/** What the first eight bytes of a config tell. */
export interface ConfigIdentity {
  readonly kind: ConfigKind;
  readonly revision: number;
  /** Stated by revision 14 only. */
  readonly architecture?: Architecture;
  /** The dialects that share the revision number. */
  readonly dialects: readonly Dialect[];
}

const IDENTITY_BYTES = 8;
const SIGNATURES: readonly { text: string; kind: ConfigKind; v14: boolean }[] = [
  { text: SYSTEM_SIGNATURE, kind: 'system', v14: false },
  { text: CELL_SIGNATURE, kind: 'cell', v14: false },
  { text: SYSTEM_SIGNATURE_V14, kind: 'system', v14: true },
  { text: CELL_SIGNATURE_V14, kind: 'cell', v14: true },
];

/**
 * Reads signature, architecture code and revision.
 *
 * @throws ConfigError E_CONFIG_TRUNCATED, E_CONFIG_SIGNATURE, E_CONFIG_ARCHITECTURE, E_CONFIG_REVISION for a number that
 * no dialect has, E_CONFIG_CONTRADICTION when signature and revision do not belong together.
 */
export function identifyConfig(bytes: Uint8Array): ConfigIdentity {
  if (bytes.length < IDENTITY_BYTES) {
    const field = bytes.length < 6 ? 'signature' : 'revision';
    const offset = field === 'signature' ? 0 : 6;
    throw fault('E_CONFIG_TRUNCATED', field, offset, `cut short in ${field}: the file has ${bytes.length} bytes`);
  }
  const text = String.fromCharCode(...bytes.subarray(0, 6));
  const signature = SIGNATURES.find((one) => text.startsWith(one.text));
  if (!signature) {
    throw fault('E_CONFIG_SIGNATURE', 'signature', 0, `not a Jailhouse config: it starts with ${show(text)}`);
  }
  const revision = (bytes[6] as number) | ((bytes[7] as number) << 8);
  const dialects = dialectsOfRevision(revision);
  if (dialects.length === 0) {
    throw fault('E_CONFIG_REVISION', 'revision', 6, `revision ${revision} is not known (8 to 14 are)`);
  }
  if (signature.v14 !== revision >= 14) {
    throw fault(
      'E_CONFIG_CONTRADICTION',
      'revision',
      6,
      `signature ${show(signature.text)} and revision ${revision} do not belong together`,
    );
  }
  const { kind } = signature;
  if (!signature.v14) {
    return { kind, revision, dialects };
  }
  const code = bytes[5] as number;
  const architecture = ARCHITECTURES[code];
  if (!architecture) {
    throw fault('E_CONFIG_ARCHITECTURE', 'architecture', 5, `architecture code ${code} is not known (0 to 2 are)`);
  }
  return { kind, revision, dialects, architecture };
}

/** Checks that a config says it is of the dialect that the caller wants to read it as. */
export function requireDialect(identity: ConfigIdentity, dialect: Dialect): void {
  const { revision } = dialectTraits(dialect);
  if (identity.revision !== revision) {
    throw fault('E_CONFIG_REVISION', 'revision', 6, `revision ${identity.revision}; ${dialect} has ${revision}`);
  }
}

function fault(code: string, field: string, offset: number, message: string): ConfigError {
  return new ConfigError(message, { code, operation: 'decode config', field, offset });
}
