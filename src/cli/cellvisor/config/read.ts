import { readFileSync, statSync } from 'node:fs';
import { isDialect } from '../../../abi/jailhouse/dialect';
import { decodeConfig } from '../../../abi/jailhouse/config/decode';
import { CellvisorError, ConfigError, KernelError } from '../../../errors';
import { UsageError } from '../arguments';
import { USAGE } from './usage';
import type { DecodedConfig } from '../../../abi/jailhouse/config/decode';
import type { Dialect } from '../../../abi/jailhouse/dialect';

/** Several times what the hypervisor takes: what is larger is something else. */
const LIMIT_BYTES = 256 * 1024;

export interface ReadConfig {
  readonly path: string;
  readonly sizeBytes: number;
  readonly decoded: DecodedConfig;
}

/** @throws KernelError when the file cannot be read, ConfigError when it is no config; both name the file. */
export function readConfig(path: string, dialect: Dialect | undefined): ReadConfig {
  const bytes = readSmall(path);
  try {
    return { path, sizeBytes: bytes.length, decoded: decodeConfig(bytes, { dialect }) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { code, operation, field, offset, hint } = error;
    throw new ConfigError(`${path}: ${error.message}`, { code, operation, field, offset, hint, cause: error });
  }
}

/** @throws UsageError */
export function dialectOf(name: string, option: string): Dialect {
  if (!isDialect(name)) throw new UsageError(`${option}: there is no dialect '${name}'`, USAGE);
  return name;
}

function readSmall(path: string): Uint8Array {
  let size: number;
  try {
    size = statSync(path).size;
    if (size <= LIMIT_BYTES) return readFileSync(path);
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    throw new KernelError(`reading ${path}`, errno, { cause: error });
  }
  throw new CellvisorError(`${path}: ${size} bytes are no config`, { code: 'E_CONFIG_SIZE', operation: 'read config' });
}
