import { ARCHITECTURES, cellDescriptorLayout } from './cell';
import { platformFamily, systemHeaderLayouts } from './system';
import type { Dialect } from '../dialect';
import type { Architecture, CellDescriptor } from './cell';
import type { PlatformFamily, SystemHeader } from './system';

/**
 * Decodes the fixed part of a system config, as the driver does before it knows the total length. Signature, revision
 * and counts are returned unchecked.
 *
 * @param architecture which variant of the platform union to read. Default: what revision 14 states; before it arm when
 * the byte that would be the GIC's version is 2 or 3, x86 otherwise.
 * @throws ConfigError E_CONFIG_TRUNCATED
 */
export function decodeSystemHeader(bytes: Uint8Array, dialect: Dialect, architecture?: Architecture): SystemHeader {
  const family = architecture ? platformFamily(architecture) : guessFamily(bytes, dialect);
  return systemHeaderLayouts(dialect)[family].decode(bytes, 0, 'decode system config');
}

/**
 * Decodes the descriptor that a cell config starts with. Signature, revision and counts are returned unchecked.
 *
 * @throws ConfigError E_CONFIG_TRUNCATED
 */
export function decodeCellDescriptor(bytes: Uint8Array, dialect: Dialect): CellDescriptor {
  return cellDescriptorLayout(dialect).decode(bytes, 0, 'decode cell config');
}

function guessFamily(bytes: Uint8Array, dialect: Dialect): PlatformFamily {
  const { arm } = systemHeaderLayouts(dialect);
  if (arm.has('architectureCode')) {
    const architecture = ARCHITECTURES[bytes[arm.offsetOf('architectureCode')] ?? -1];
    return architecture === 'x86' ? 'x86' : 'arm';
  }
  const gicVersion = bytes[arm.offsetOf('arm.gicVersion')];
  return gicVersion === 2 || gicVersion === 3 ? 'arm' : 'x86';
}
