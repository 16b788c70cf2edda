import { encodeConfig } from '../../abi/jailhouse';
import { forDialect } from '../builder';
import type { DecodedConfig, Dialect } from '../../abi/jailhouse';

/**
 * A config in the layout of another release, with the same meaning.
 *
 * @throws ConfigError that names the field which the other dialect has no place for
 */
export function convertConfig({ config, dialect }: DecodedConfig, to: Dialect): Uint8Array {
  return encodeConfig(withArchitecture(forDialect(config, dialect, to)), to);
}

/** Cells before revision 14 do not say it; on boards with these releases it is arm64. */
function withArchitecture<T extends DecodedConfig['config']>(config: T): T {
  return 'rootCell' in config || config.architecture !== undefined ? config : { architecture: 'arm64', ...config };
}
