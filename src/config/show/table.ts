import { dialectTraits } from '../../abi/jailhouse';
import { formatBdf } from '../../abi/pci/bdf';
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
import {
  CELL_MEANINGS,
  CONSOLE_MEANINGS,
  cpuMeaning,
  DEVICE_MEANINGS,
  irqchipMeaning,
  regionMeaning,
  SYSTEM_MEANINGS,
} from './meaning';
import type {
  CellConfig,
  Console,
  DecodedConfig,
  Dialect,
  MemoryRegion,
  PciDevice,
  SystemConfig,
} from '../../abi/jailhouse';

/** Name, value, meaning. */
type Row = readonly string[];

/** Properties that have a table of their own, or say nothing. */
const NOT_ROWS = [
  'architecture',
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
  'console',
];

/** Every field of a config, by its name in C, with what it means. */
export function formatTables({ kind, dialect, config }: DecodedConfig, sizeBytes: number): string {
  const { revision } = dialectTraits(dialect);
  const title = `${kind} config, ${dialect} (revision ${revision}), ${sizeBytes} bytes\n`;
  const tables = kind === 'system' ? systemTables(config, dialect) : cellTables(config, dialect, '');
  return [title, ...tables].join('\n');
}

function systemTables(system: SystemConfig, dialect: Dialect): string[] {
  const { hypervisorMemory: memory, debugConsole, arm = {}, x86 = {}, iommuUnits = [] } = system;
  const rows: Row[] = [
    ['architecture', system.architecture, ''],
    ...(system.flags === undefined ? [] : [['flags', hex(system.flags), systemFlagNames(system.flags).join(' | ')]]),
    ['hypervisor_memory', `${hex(memory.physStart)}, size ${hex(memory.size)}`, meaning('hypervisor_memory')],
    ...consoleRows(debugConsole, dialect, 'debug_console'),
    ...scalarRows(system, ['flags', 'architecture'], ''),
    ...scalarRows(arm, [], 'platform_info.arm.'),
    ...scalarRows(x86, [], 'platform_info.x86.'),
  ];
  return [
    columns('header', rows),
    ...arrayTable('platform_info.iommu_units', iommuUnits),
    ...cellTables(system.rootCell, dialect, 'root_cell'),
  ];
}

function cellTables(cell: CellConfig, dialect: Dialect, name: string): string[] {
  const consoleFields = cell.console ? consoleRows(cell.console, dialect, 'console') : [];
  return [
    columns(name || 'cell', [...cellRows(cell, dialect), ...consoleFields]),
    regionTable(cell, dialect),
    ...(cell.irqchips.length > 0 ? [irqchipTable(cell)] : []),
    ...cell.pciDevices.map((device, index) => columns(`pci_devices[${index}]`, deviceRows(device, dialect))),
    ...arrayTable('cache_regions', cell.cacheRegions),
    ...arrayTable('pio_regions', cell.pioRegions ?? []),
    ...arrayTable('pci_caps', cell.pciCapabilities),
    ...arrayTable('stream_ids', cell.streamIds ?? []),
    ...arrayTable('smmu_sids', cell.smmuSids ?? []),
    ...(cell.pioBitmap && cell.pioBitmap.length > 0
      ? [columns('pio_bitmap', [[`${cell.pioBitmap.length} bytes`, '', 'a set bit denies access to the port']])]
      : []),
  ];
}

function cellRows(cell: CellConfig, dialect: Dialect): Row[] {
  const fields = Object.entries(cell).filter(([property]) => !NOT_ROWS.includes(property));
  const mask = cell.cpuSet.reduceRight((digits, byte) => digits + byte.toString(16).padStart(2, '0'), '');
  return [
    ...(cell.architecture ? [['architecture', cell.architecture, '']] : []),
    ...fields.map(([property, value]): Row => {
      const name = cFieldName(property);
      const flags = name === 'flags' ? cellFlagNames(cell.flags, dialect).join(' | ') : '';
      const words = [flags, CELL_MEANINGS[name]?.(cell) ?? ''].filter((one) => one !== '').join(': ');
      return [name, show(name, value), words];
    }),
    ['cpus', `0x${mask.replace(/^0+(?=.)/, '') || '0'}`, cpuMeaning(cell)],
  ];
}

function consoleRows(console: Console, dialect: Dialect, prefix: string): Row[] {
  return Object.entries(console).map(([property, value]): Row => {
    const name = cFieldName(property);
    const words =
      name === 'flags'
        ? consoleFlagNames(console.flags, dialect).join(' | ')
        : name === 'type'
          ? consoleTypeName(console.type ?? 0)
          : (SYSTEM_MEANINGS[`${prefix}.${name}`] ?? CONSOLE_MEANINGS[name] ?? '');
    return [`${prefix}.${name}`, show(name, value), words];
  });
}

function deviceRows(device: PciDevice, dialect: Dialect): Row[] {
  return Object.entries(device).map(([property, value]): Row => {
    const name = cFieldName(property);
    const known: Readonly<Record<string, string>> = {
      type: pciTypeName(device.type),
      bdf: `${formatBdf(device.bdf)}: ${DEVICE_MEANINGS['bdf']}`,
      shmem_protocol: `${protocolName(device.shmemProtocol, dialect)}: ${DEVICE_MEANINGS['shmem_protocol']}`,
    };
    return [name, show(name, value), known[name] ?? DEVICE_MEANINGS[name] ?? ''];
  });
}

function regionTable(cell: CellConfig, dialect: Dialect): string {
  const rows = cell.memoryRegions.map((region, index): Row => {
    const { physStart, virtStart, size, flags } = region;
    return [
      `${index}`,
      hex(physStart),
      virtStart === physStart ? '=' : hex(virtStart),
      hex(size),
      flagWords(flags, dialect),
      regionMeaning(region as MemoryRegion, index, cell),
    ];
  });
  return columns('mem_regions', [['#', 'phys_start', 'virt_start', 'size', 'flags', ''], ...rows]);
}

function flagWords(flags: bigint, dialect: Dialect): string {
  const names = memoryFlagNames(flags, dialect).map((name) => name.replace('JAILHOUSE_MEM_', ''));
  return `${hex(flags)} ${names.join(' ')}`.trim();
}

function irqchipTable(cell: CellConfig): string {
  const rows = cell.irqchips.map((irqchip, index): Row => {
    const { address, id, pinBase, pinBitmap } = irqchip;
    return [`${index}`, hex(address), `${id}`, `${pinBase}`, pinBitmap.map(hex).join(' '), irqchipMeaning(irqchip)];
  });
  return columns('irqchips', [['#', 'address', 'id', 'pin_base', 'pin_bitmap', ''], ...rows]);
}

/** An array of plain structs: a line each. */
function arrayTable(name: string, elements: readonly object[]): string[] {
  const rows = elements.map((element, index): Row => [
    `${index}`,
    ...Object.entries(element).map(
      ([property, value]) => `${cFieldName(property)} ${show(cFieldName(property), value)}`,
    ),
  ]);
  return elements.length === 0 ? [] : [columns(name, rows)];
}

function scalarRows(fields: object, except: readonly string[], prefix: string): Row[] {
  return Object.entries(fields)
    .filter(([property, value]) => typeof value !== 'object' && !except.includes(property))
    .map(([property, value]): Row => {
      const name = prefix + cFieldName(property);
      return [name, show(name, value), meaning(name)];
    });
}

function meaning(name: string): string {
  return SYSTEM_MEANINGS[name] ?? '';
}

function show(name: string, value: unknown): string {
  switch (typeof value) {
    case 'number':
      return isCounted(name.split('.').at(-1) as string) ? `${value}` : hex(value);
    case 'bigint':
      return hex(value);
    case 'string':
      return JSON.stringify(value);
    default:
      return Array.isArray(value)
        ? `{ ${value.map((one) => show(name, one)).join(', ')} }`
        : Buffer.from(value as Uint8Array).toString('hex');
  }
}

function columns(title: string, rows: readonly Row[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return `${title}\n${lines.join('\n')}\n`;
}

function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}
