import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { decodeConfig } from '../../../abi/jailhouse/config/decode';
import { parseSourceMap, sourceLookup } from '../../../config/source-map';
import { ConfigError } from '../../../errors';
import { withArgumentFile } from '../argparse';
import type { DecodedConfig } from '../../../abi/jailhouse/config/decode';
import type { CheckedCell, CheckedImage, CheckedSystem } from '../../../config/check/subject';
import type { ImageArgument } from './check-arguments';

/** Several times what the hypervisor takes: what is larger is something else. */
const LIMIT_BYTES = 256 * 1024;
/** The most that one call can load (docs/wire.md has less). */
const IMAGE_LIMIT_BYTES = 2 ** 31 - 1;

export interface ConfigFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file is not what it has to be; the message ends with its path, as upstream's do. */
export class LoadError extends Error {
  constructor(
    message: string,
    readonly hint?: string | undefined,
  ) {
    super(message);
  }
}

/**
 * Reads a file, in the words of argparse when that fails.
 *
 * @throws ArgumentError
 */
export function readConfigFile(argument: string, path: string, limitBytes = LIMIT_BYTES): ConfigFile {
  return withArgumentFile(argument, path, () => {
    const fd = openSync(path, 'r');
    try {
      return { path, bytes: fstatSync(fd).size > limitBytes ? new Uint8Array(0) : readFileSync(fd) };
    } finally {
      closeSync(fd);
    }
  });
}

/** @throws ArgumentError */
export function readImage({ cell, path, address }: ImageArgument): CheckedImage {
  const { bytes } = readConfigFile('--image', path, IMAGE_LIMIT_BYTES);
  return { cell, file: path, address, sizeBytes: bytes.length };
}

/** @throws LoadError */
export function loadSystem(file: ConfigFile): CheckedSystem {
  const decoded = decode(file, 'Not a root cell configuration');
  if (decoded.kind !== 'system') {
    throw new LoadError(
      `Not a root cell configuration: ${file.path}`,
      'it is the config of a cell: the system config comes first',
    );
  }
  return {
    file: file.path,
    dialect: decoded.dialect,
    config: decoded.config,
    sizeBytes: file.bytes.length,
    sourceOf: sourceOf(file),
  };
}

/** @throws LoadError */
export function loadCell(file: ConfigFile, system: CheckedSystem): CheckedCell {
  const decoded = decode(file, 'Not a cell configuration');
  if (decoded.kind !== 'cell') {
    throw new LoadError(`Not a cell configuration: ${file.path}`, 'it is a system config: only the first file is one');
  }
  const { architecture } = decoded.config;
  if (architecture !== undefined && architecture !== system.config.architecture) {
    throw new LoadError(`Cell architecture mismatch: ${architecture}: ${file.path}`);
  }
  return {
    file: file.path,
    dialect: decoded.dialect,
    config: decoded.config,
    isRoot: false,
    sizeBytes: file.bytes.length,
    sourceOf: sourceOf(file),
  };
}

/** Lines of the source that the file was compiled from, where its map lies beside it. */
function sourceOf({ path, bytes }: ConfigFile): CheckedCell['sourceOf'] {
  let text: string;
  try {
    text = readFileSync(`${path}.map`, 'utf8');
  } catch {
    return undefined; // Most files are not ours.
  }
  const map = parseSourceMap(text);
  const isOfThisFile = map?.sha256 === createHash('sha256').update(bytes).digest('hex');
  return map && isOfThisFile ? sourceLookup(map) : undefined;
}

/** Upstream knows one revision, we know all: what is left of its messages is for what nobody knows. */
function decode({ path, bytes }: ConfigFile, notThatKind: string): DecodedConfig {
  try {
    return decodeConfig(bytes, { trailing: 'ignore' });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    switch (error.code) {
      case 'E_CONFIG_SIGNATURE':
        throw new LoadError(`${notThatKind}: ${path}`, error.message);
      case 'E_CONFIG_REVISION':
        throw new LoadError(`Configuration file revision mismatch: ${path}`, error.message);
      case 'E_CONFIG_ARCHITECTURE':
        throw new LoadError(`Configuration has unsupported architecture: ${path}`, error.message);
      default:
        throw new LoadError(
          bytes.length === 0 ? `${notThatKind}: ${path}` : `${error.message}: ${path}`,
          bytes.length === 0 ? 'the file is empty, or much larger than any config' : error.hint,
        );
    }
  }
}
