import { encodeConfig } from '../../abi/jailhouse';
import { forDialect } from './for-dialect';
import type { Dialect } from '../../abi/jailhouse';
import type { CellModule } from './cell-module';

/**
 * The bytes of a .cell file.
 *
 * @param dialect default: the one that the config is written for
 * @throws ConfigError for what the dialect cannot say
 */
export function compile(module: Pick<CellModule, 'config' | 'dialect'>, dialect: Dialect = module.dialect): Uint8Array {
  return encodeConfig(forDialect(module.config, module.dialect, dialect), dialect);
}
