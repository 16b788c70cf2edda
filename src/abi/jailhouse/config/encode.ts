import { ConfigError } from '../../../errors';
import { isBlank, show } from '../../value';
import { dialectTraits } from '../dialect';
import { ARCHITECTURES, CELL_SIGNATURE, CELL_SIGNATURE_V14, cellArrays, cellDescriptorLayout } from './cell';
import { configSizeBytes, elementSizeBytes } from './size';
import { platformFamily, SYSTEM_SIGNATURE, SYSTEM_SIGNATURE_V14, systemHeaderLayouts } from './system';
import type { EncodeContext } from '../../layout';
import type { Dialect } from '../dialect';
import type { Architecture, ArrayProperty, CellConfig, CellDescriptor } from './cell';
import type { SystemConfig } from './system';

/** The members of a cell that do not stand in its descriptor under their own name. */
const NOT_IN_DESCRIPTOR: readonly string[] = [
  'architecture',
  'headerBytes',
  'cpuSet',
  'memoryRegions',
  'cacheRegions',
  'irqchips',
  'pioBitmap',
  'pioRegions',
  'pciDevices',
  'pciCapabilities',
  'streamIds',
  'smmuSids',
] satisfies (ArrayProperty | 'architecture' | 'headerBytes')[];

export function isSystemConfig(config: SystemConfig | CellConfig): config is SystemConfig {
  return 'rootCell' in config;
}

/**
 * Lays a config out as the bytes of a .cell file. Values are written as they are: what changes its meaning between
 * revisions (flags, shared memory protocols) is not translated.
 *
 * @throws ConfigError E_CONFIG_VALUE for a value that its field cannot hold, E_CONFIG_DIALECT for one that has no field
 * in this dialect.
 */
export function encodeConfig(config: SystemConfig | CellConfig, dialect: Dialect): Uint8Array {
  const bytes = new Uint8Array(configSizeBytes(config, dialect));
  return isSystemConfig(config) ? encodeSystem(config, dialect, bytes) : encodeCell(config, dialect, bytes);
}

function encodeCell(config: CellConfig, dialect: Dialect, bytes: Uint8Array): Uint8Array {
  const context = { operation: 'encode cell config', format: dialect };
  const layout = cellDescriptorLayout(dialect);
  const header = identity(dialect, config.architecture, context, CELL_SIGNATURE, CELL_SIGNATURE_V14);
  if (config.headerBytes) {
    throw noField('headerBytes', config.headerBytes, context);
  }
  const view = new DataView(bytes.buffer);
  layout.encodeInto({ ...descriptorOf(config, dialect), ...header }, view, 0, context);
  encodeArrays(config, dialect, view, layout.sizeBytes, context);
  return bytes;
}

function encodeSystem(config: SystemConfig, dialect: Dialect, bytes: Uint8Array): Uint8Array {
  const context = { operation: 'encode system config', format: dialect };
  const { architecture, rootCell, ...fields } = config;
  const layout = systemHeaderLayouts(dialect)[platformFamily(architecture)];
  const header = identity(dialect, architecture, context, SYSTEM_SIGNATURE, SYSTEM_SIGNATURE_V14);
  const view = new DataView(bytes.buffer);
  layout.encodeInto({ ...fields, ...header, rootCell: descriptorOf(rootCell, dialect) }, view, 0, context);
  bytes.set(headerBytesOf(rootCell, context), layout.offsetOf('rootCell'));
  encodeArrays(rootCell, dialect, view, layout.sizeBytes, { ...context, path: 'rootCell' });
  return bytes;
}

/** Signature, revision and, in revision 14, the architecture code. */
function identity(
  dialect: Dialect,
  architecture: Architecture | undefined,
  { operation }: EncodeContext,
  signature: string,
  signatureV14: string,
): { signature: string; revision: number; architectureCode?: number } {
  const { revision } = dialectTraits(dialect);
  if (revision < 14) {
    return { signature, revision };
  }
  const architectureCode = ARCHITECTURES.findIndex((one) => one === architecture);
  if (architectureCode < 0) {
    throw new ConfigError(`${dialect} needs the architecture, which is ${show(architecture)}`, {
      code: 'E_CONFIG_ARCHITECTURE',
      operation,
      field: 'architecture',
      offset: 5,
    });
  }
  return { signature: signatureV14, revision, architectureCode };
}

/** The descriptor of a cell: its own fields and the counts of its arrays. Signature and revision are not set. */
function descriptorOf(cell: CellConfig, dialect: Dialect): CellDescriptor {
  const fields = Object.entries(cell).filter(([name]) => !NOT_IN_DESCRIPTOR.includes(name));
  const counts = cellArrays(dialect).map(({ property, count }) => [count, cell[property]?.length ?? 0] as const);
  return Object.fromEntries([...fields, ...counts]) as unknown as CellDescriptor;
}

function headerBytesOf({ headerBytes }: CellConfig, { operation, format }: EncodeContext): Uint8Array {
  if (headerBytes && headerBytes.length > 8) {
    throw new ConfigError(`rootCell.headerBytes has ${headerBytes.length} bytes; ${format} holds 8`, {
      code: 'E_CONFIG_VALUE',
      operation,
      field: 'rootCell.headerBytes',
    });
  }
  return headerBytes ?? new Uint8Array(0);
}

function encodeArrays(cell: CellConfig, dialect: Dialect, view: DataView, start: number, context: EncodeContext): void {
  const arrays = cellArrays(dialect);
  const prefix = context.path ? `${context.path}.` : '';
  let offset = start;
  for (const array of arrays) {
    const { property, element } = array;
    const values = cell[property] ?? [];
    if (values instanceof Uint8Array) {
      new Uint8Array(view.buffer).set(values, offset);
    } else if (element) {
      const size = element.sizeBytes;
      values.forEach((value, index) => {
        const at = offset + index * size;
        element.encodeInto(value, view, at, { ...context, path: `${prefix}${property}[${index}]`, offset: at });
      });
    }
    offset += values.length * elementSizeBytes(array);
  }
  const known = arrays.map(({ property }) => property);
  const homeless = (['pioBitmap', 'pioRegions', 'streamIds', 'smmuSids'] as const).find(
    (property) => !known.includes(property) && !isBlank(cell[property]),
  );
  if (homeless) {
    throw noField(`${prefix}${homeless}`, cell[homeless], context);
  }
}

function noField(field: string, value: unknown, { operation, format }: EncodeContext): ConfigError {
  return new ConfigError(`${format} has no field ${field} (value ${show(value)})`, {
    code: 'E_CONFIG_DIALECT',
    operation,
    field,
  });
}
