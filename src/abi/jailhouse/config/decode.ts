import { ConfigError } from '../../../errors';
import { isBlank } from '../../value';
import { decodeArrays } from './arrays';
import { cellDescriptorLayout } from './cell';
import { detectDialect } from './detect';
import { decodeCellDescriptor, decodeSystemHeader } from './header';
import { identifyConfig, requireDialect } from './identify';
import { systemHeaderLayouts } from './system';
import type { Dialect } from '../dialect';
import type { Architecture, CellConfig } from './cell';
import type { ConfigIdentity } from './identify';
import type { SystemConfig } from './system';

export interface DecodeOptions {
  /** Default: found out from the revision number, and from the length where the number is not enough. */
  readonly dialect?: Dialect | undefined;
  /** Of a system config before revision 14, which does not say it; default: see {@link decodeSystemHeader}. */
  readonly architecture?: Architecture | undefined;
  /** What to do with bytes behind the last array. The driver and the hypervisor ignore them. Default: `reject`. */
  readonly trailing?: 'reject' | 'ignore' | undefined;
}

export type DecodedConfig =
  | { readonly kind: 'system'; readonly dialect: Dialect; readonly config: SystemConfig }
  | { readonly kind: 'cell'; readonly dialect: Dialect; readonly config: CellConfig };

/**
 * Decodes a whole .cell file. `encodeConfig(config, dialect)` of the result gives the same bytes again.
 *
 * @throws ConfigError naming field and offset: E_CONFIG_TRUNCATED, E_CONFIG_OVERLONG, E_CONFIG_SIGNATURE,
 * E_CONFIG_ARCHITECTURE, E_CONFIG_REVISION, E_CONFIG_CONTRADICTION, E_CONFIG_AMBIGUOUS.
 */
export function decodeConfig(bytes: Uint8Array, options: DecodeOptions = {}): DecodedConfig {
  const identity = identifyConfig(bytes);
  if (options.dialect) {
    requireDialect(identity, options.dialect);
    return decodeAs(bytes, identity, options.dialect, options);
  }
  const { dialect, doubt } = detectDialect(bytes, identity, options.architecture);
  try {
    return decodeAs(bytes, identity, dialect, options);
  } catch (error) {
    if (doubt !== undefined && error instanceof ConfigError) {
      const { code, operation, field, offset } = error;
      throw new ConfigError(error.message, { code, operation, field, offset, hint: doubt });
    }
    throw error;
  }
}

function decodeAs(
  bytes: Uint8Array,
  identity: ConfigIdentity,
  dialect: Dialect,
  options: DecodeOptions,
): DecodedConfig {
  return identity.kind === 'cell'
    ? { kind: 'cell', dialect, config: decodeCell(bytes, identity, dialect, options) }
    : { kind: 'system', dialect, config: decodeSystem(bytes, identity, dialect, options) };
}

function decodeCell(bytes: Uint8Array, identity: ConfigIdentity, dialect: Dialect, options: DecodeOptions): CellConfig {
  const config = decodeArrays(bytes, decodeCellDescriptor(bytes, dialect), dialect, {
    start: cellDescriptorLayout(dialect).sizeBytes,
    path: '',
    operation: 'decode cell config',
    trailing: options.trailing ?? 'reject',
  });
  return identity.architecture ? { architecture: identity.architecture, ...config } : config;
}

function decodeSystem(
  bytes: Uint8Array,
  identity: ConfigIdentity,
  dialect: Dialect,
  options: DecodeOptions,
): SystemConfig {
  const architecture = identity.architecture ?? options.architecture;
  const header = decodeSystemHeader(bytes, dialect, architecture);
  const layout = systemHeaderLayouts(dialect)[header.x86 ? 'x86' : 'arm'];
  const rootCell = decodeArrays(bytes, header.rootCell, dialect, {
    start: layout.sizeBytes,
    path: 'rootCell.',
    operation: 'decode system config',
    trailing: options.trailing ?? 'reject',
  });
  const root = layout.offsetOf('rootCell');
  const headerBytes = new Uint8Array(bytes.subarray(root, root + 8));
  const consumed = ['signature', 'architectureCode', 'revision', 'rootCell'];
  const fields = Object.fromEntries(Object.entries(header).filter(([name]) => !consumed.includes(name)));
  return {
    architecture: architecture ?? (header.x86 ? 'x86' : 'arm64'),
    ...(fields as Omit<SystemConfig, 'architecture' | 'rootCell'>),
    rootCell: isBlank(headerBytes) ? rootCell : { headerBytes, ...rootCell },
  };
}
