import { cellArrays, dialectTraits } from '../../abi/jailhouse';
import { encodeText } from '../../abi/text';
import { isBlank } from '../../abi/value';
import { cFieldName, isCounted } from '../field-names';
import {
  cellFlagNames,
  consoleFlagNames,
  consoleTypeName,
  memoryFlagNames,
  pciTypeName,
  protocolName,
  systemFlagNames,
} from '../flag-names';
import type {
  ArrayProperty,
  CellConfig,
  Console,
  DecodedConfig,
  Dialect,
  IommuUnit,
  MemoryRegion,
  PciDevice,
  SystemConfig,
} from '../../abi/jailhouse';

/** An initialiser: `.name = value`, or a value without a name in an array. */
type Line = string;

const ELEMENT_TYPES: Readonly<Record<ArrayProperty, string>> = {
  cpuSet: '__u64',
  memoryRegions: 'struct jailhouse_memory',
  cacheRegions: 'struct jailhouse_cache',
  irqchips: 'struct jailhouse_irqchip',
  pioBitmap: '__u8',
  pioRegions: 'struct jailhouse_pio',
  pciDevices: 'struct jailhouse_pci_device',
  pciCapabilities: 'struct jailhouse_pci_capability',
  streamIds: 'union jailhouse_stream_id',
  smmuSids: 'struct jailhouse_smmu_sid',
};

const ARCHITECTURE_MACROS = { x86: 'JAILHOUSE_X86', arm: 'JAILHOUSE_ARM', arm64: 'JAILHOUSE_ARM64' } as const;

/** Members of a decoded config that no field in C has: gaps, and bytes behind the end of texts. */
const NAMELESS = ['nameTail', 'padding', 'platformPadding', 'headerBytes'];

/**
 * A config as the C source that Jailhouse's build of that release compiles. What is zero is left out, as C does by itself.
 */
export function formatC({ kind, dialect, config }: DecodedConfig): string {
  const cell = kind === 'system' ? config.rootCell : config;
  const present = cellArrays(dialect).filter(({ property }) => (cell[property]?.length ?? 0) > 0);
  const header = kind === 'system' ? 'struct jailhouse_system header' : 'struct jailhouse_cell_desc cell';
  const members = [
    header,
    ...present.map(({ property }) => `${typeOf(property, cell)} ${cFieldName(property)}[${lengthOf(property, cell)}]`),
  ];
  const fields =
    kind === 'system'
      ? [`.header = ${braces(systemLines(config, dialect))}`]
      : [
          `.cell = ${braces([...identityLines('JAILHOUSE_CELL_DESC_SIGNATURE', config.architecture, dialect), ...cellLines(config, dialect)])}`,
        ];
  const arrays = present.map(({ property }) => `.${cFieldName(property)} = ${arrayValue(property, cell, dialect)}`);
  return [
    '#include <jailhouse/types.h>',
    '#include <jailhouse/cell-config.h>',
    '',
    'struct {',
    ...members.map((member) => `\t${member};`),
    '} __attribute__((packed)) config = {',
    indent([...fields, ...arrays].join(',\n\n')) + ',',
    '};',
    '',
  ].join('\n');
}

function systemLines(system: SystemConfig, dialect: Dialect): Line[] {
  const { revision } = dialectTraits(dialect);
  const { hypervisorMemory, debugConsole, arm, x86, iommuUnits = [], rootCell } = system;
  const units =
    iommuUnits.length === 0
      ? []
      : [`.iommu_units = ${list(iommuUnits.map((unit) => braces(unitLines(unit, revision))))}`];
  const machine = arm ?? x86;
  const platform = [
    ...scalars(system, (property) => property.startsWith('pci')),
    ...(revision >= 13 ? units : []),
    ...(machine
      ? [`.${arm ? 'arm' : 'x86'} = ${braces([...scalars(machine), ...(revision >= 13 ? [] : units)])}`]
      : []),
  ];
  return [
    ...identityLines('JAILHOUSE_SYSTEM_SIGNATURE', system.architecture, dialect),
    ...(system.flags ? [`.flags = ${flags(systemFlagNames(system.flags))}`] : []),
    `.hypervisor_memory = ${braces(memoryLines(hypervisorMemory, dialect))}`,
    `.debug_console = ${braces(consoleLines(debugConsole, dialect))}`,
    `.platform_info = ${braces(platform)}`,
    `.root_cell = ${braces(cellLines(rootCell, dialect))}`,
  ];
}

function identityLines(
  signature: string,
  architecture: SystemConfig['architecture'] | undefined,
  dialect: Dialect,
): Line[] {
  return [
    `.signature = ${signature}`,
    ...(dialectTraits(dialect).revision >= 14
      ? [`.architecture = ${ARCHITECTURE_MACROS[architecture ?? 'arm64']}`]
      : []),
    '.revision = JAILHOUSE_CONFIG_REVISION',
  ];
}

function cellLines(cell: CellConfig, dialect: Dialect): Line[] {
  const counts = cellArrays(dialect)
    .filter(({ property }) => (cell[property]?.length ?? 0) > 0)
    .map(({ property, count }) => {
      const size = property === 'cpuSet' || property === 'pioBitmap' ? 'sizeof' : 'ARRAY_SIZE';
      return `.${cFieldName(count)} = ${size}(config.${cFieldName(property)})`;
    });
  const rest = scalars(cell, (property) => !['name', 'flags', 'architecture'].includes(property));
  return [
    `.name = ${cString(cell.name)}`,
    ...(cell.flags ? [`.flags = ${flags(cellFlagNames(cell.flags, dialect))}`] : []),
    ...counts,
    ...rest,
    ...(cell.console && !isBlank(cell.console) ? [`.console = ${braces(consoleLines(cell.console, dialect))}`] : []),
  ];
}

function memoryLines(region: MemoryRegion, dialect: Dialect): Line[] {
  const { flags: bits, ...place } = region;
  return [...scalars(place), ...(bits === 0n ? [] : [`.flags = ${flags(memoryFlagNames(bits, dialect))}`])];
}

function consoleLines(console: Console, dialect: Dialect): Line[] {
  const { type, flags: bits, ...rest } = console;
  return [
    ...scalars(rest),
    ...(type ? [`.type = ${consoleTypeName(type)}`] : []),
    ...(bits ? [`.flags = ${flags(consoleFlagNames(bits, dialect))}`] : []),
  ];
}

/** From revision 12 on the fields of AMD and of TI are members of a union. */
function unitLines(unit: IommuUnit, revision: number): Line[] {
  return scalars(unit).map((line) =>
    revision >= 12 ? line.replace(/^\.amd_/, '.amd.').replace(/^\.tlb_/, '.tipvu.tlb_') : line,
  );
}

function deviceLines(device: PciDevice, dialect: Dialect): Line[] {
  const { type, shmemProtocol, msiFlags, ...rest } = device;
  return [
    `.type = ${pciTypeName(type)}`,
    ...scalars(rest),
    ...(msiFlags & 1 ? ['.msi_64bits = 1'] : []),
    ...(msiFlags & 2 ? ['.msi_maskable = 1'] : []),
    ...(shmemProtocol ? [`.shmem_protocol = ${protocolName(shmemProtocol, dialect)}`] : []),
  ];
}

function arrayValue(property: ArrayProperty, cell: CellConfig, dialect: Dialect): string {
  switch (property) {
    case 'cpuSet':
      return list(isWords(cell) ? words(cell.cpuSet) : bytes(cell.cpuSet));
    case 'pioBitmap':
      return list(bytes(cell.pioBitmap ?? new Uint8Array(0)));
    case 'memoryRegions':
      return list(cell.memoryRegions.map((one) => braces(memoryLines(one, dialect))));
    case 'pciDevices':
      return list(cell.pciDevices.map((one) => braces(deviceLines(one, dialect))));
    default:
      return list((cell[property] ?? []).map((one) => braces(scalars(one))));
  }
}

/** Numbers, and arrays of numbers, of a struct. */
function scalars(fields: object, wanted: (property: string) => boolean = () => true): Line[] {
  return Object.entries(fields)
    .filter(([property, value]) => wanted(property) && !NAMELESS.includes(property) && !isBlank(value))
    .flatMap(([property, value]): Line[] => {
      const name = cFieldName(property).split('.').at(-1) as string;
      if (typeof value === 'number' || typeof value === 'bigint') {
        return [`.${name} = ${isCounted(name) ? value : number(value)}`];
      }
      return Array.isArray(value) && typeof value[0] === 'number'
        ? [`.${name} = { ${value.map((one: number) => number(one)).join(', ')} }`]
        : [];
    });
}

function number(value: number | bigint): string {
  return value < 10 ? `${value}` : `0x${value.toString(16)}`;
}

function flags(names: readonly string[]): string {
  return names.join(' |\n\t');
}

/** A CPU set is written in words of 64 bits where it is made of whole ones. */
function isWords({ cpuSet }: CellConfig): boolean {
  return cpuSet.length % 8 === 0;
}

function typeOf(property: ArrayProperty, cell: CellConfig): string {
  return property === 'cpuSet' && !isWords(cell) ? '__u8' : ELEMENT_TYPES[property];
}

function lengthOf(property: ArrayProperty, cell: CellConfig): number {
  const length = cell[property]?.length ?? 0;
  return property === 'cpuSet' && isWords(cell) ? length / 8 : length;
}

function words(data: Uint8Array): string[] {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return Array.from({ length: data.length / 8 }, (_, index) => number(view.getBigUint64(8 * index, true)));
}

function bytes(data: Uint8Array): string[] {
  return Array.from(data, number);
}

/** Three digits of octal: no digit that follows can be taken for one more. */
function cString(text: string): string {
  const characters = Array.from(encodeText(text), (byte) => {
    const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${characters.join('')}"`;
}

function braces(lines: readonly Line[]): string {
  return lines.length === 0 ? '{ }' : `{\n${indent(lines.join(',\n'))},\n}`;
}

function list(values: readonly string[]): string {
  return braces(values);
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '\t');
}
