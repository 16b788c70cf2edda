/** What flags and numbers of configs are called in C (jailhouse-abi reference 3). */
import {
  CELL_FLAG_AARCH32,
  CELL_FLAG_PASSIVE_COMMREG,
  CELL_FLAG_TEST_DEVICE,
  CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE,
  CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED,
  CELL_V9_DEBUG_CONSOLE,
  CELL_V9_TEST_DEVICE,
  CON_FLAG_INVERTED_GATE,
  CON_FLAG_MDR_QUIRK,
  CON_FLAG_MMIO,
  CON_FLAG_REGDIST_4,
  CON_V9_MMIO,
  CON_V9_REGDIST_4,
  CON_V9_ROOTPAGE,
  CON_V9_TYPE_MASK,
  dialectTraits,
  MEM_COMM_REGION,
  MEM_DMA,
  MEM_EXECUTE,
  MEM_IO,
  MEM_IO_16,
  MEM_IO_32,
  MEM_IO_64,
  MEM_IO_8,
  MEM_LOADABLE,
  MEM_READ,
  MEM_ROOTSHARED,
  MEM_WRITE,
  memoryFlagsOf,
  PCI_TYPE_BRIDGE,
  PCI_TYPE_DEVICE,
  PCI_TYPE_IVSHMEM,
  PROTO_UNDEFINED,
  PROTO_V1_VETH,
  PROTO_V2_VETH,
  SYS_FLAG_VIRTUAL_DEBUG_CONSOLE,
} from '../abi/jailhouse';
import type { Dialect } from '../abi/jailhouse';

type Bits = readonly (readonly [bigint | number, string])[];

const CONSOLE_TYPES = [
  'NONE',
  'EFIFB',
  '8250',
  'PL011',
  'XUARTPS',
  'MVEBU',
  'HSCIF',
  'SCIFA',
  'IMX',
  'IMX_LPUART',
  'SCIF',
] as const;

/** Lowest bit first, as upstream's config check prints them; bits without a name together as one number. */
export function memoryFlagNames(flags: bigint, dialect: Dialect): string[] {
  const { ioUnaligned, noHugepages } = memoryFlagsOf(dialect);
  return bitNames(flags, 'JAILHOUSE_MEM_', [
    [MEM_READ, 'READ'],
    [MEM_WRITE, 'WRITE'],
    [MEM_EXECUTE, 'EXECUTE'],
    [MEM_DMA, 'DMA'],
    [MEM_IO, 'IO'],
    [MEM_COMM_REGION, 'COMM_REGION'],
    [MEM_LOADABLE, 'LOADABLE'],
    [MEM_ROOTSHARED, 'ROOTSHARED'],
    [noHugepages, 'NO_HUGEPAGES'],
    [ioUnaligned, 'IO_UNALIGNED'],
    [MEM_IO_8, 'IO_8'],
    [MEM_IO_16, 'IO_16'],
    [MEM_IO_32, 'IO_32'],
    [MEM_IO_64, 'IO_64'],
  ]);
}

export function cellFlagNames(flags: number, dialect: Dialect): string[] {
  const { revision } = dialectTraits(dialect);
  const bits: Bits =
    revision >= 10
      ? [
          [CELL_FLAG_PASSIVE_COMMREG, 'PASSIVE_COMMREG'],
          [CELL_FLAG_TEST_DEVICE, 'TEST_DEVICE'],
          [revision >= 12 ? CELL_FLAG_AARCH32 : 0, 'AARCH32'],
          [CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED, 'VIRTUAL_CONSOLE_PERMITTED'],
          [CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE, 'VIRTUAL_CONSOLE_ACTIVE'],
        ]
      : [
          [CELL_FLAG_PASSIVE_COMMREG, 'PASSIVE_COMMREG'],
          [CELL_V9_DEBUG_CONSOLE, 'DEBUG_CONSOLE'],
          [revision === 9 ? CELL_V9_TEST_DEVICE : 0, 'TEST_DEVICE'],
        ];
  return bitNames(BigInt(flags), 'JAILHOUSE_CELL_', bits);
}

export function systemFlagNames(flags: number): string[] {
  return bitNames(BigInt(flags), 'JAILHOUSE_SYS_', [[SYS_FLAG_VIRTUAL_DEBUG_CONSOLE, 'VIRTUAL_DEBUG_CONSOLE']]);
}

export function consoleTypeName(type: number): string {
  const name = CONSOLE_TYPES[type];
  return name ? `JAILHOUSE_CON_TYPE_${name}` : `0x${type.toString(16)}`;
}

export function consoleFlagNames(flags: number, dialect: Dialect): string[] {
  if (dialectTraits(dialect).revision >= 10) {
    return bitNames(BigInt(flags), 'JAILHOUSE_CON_', [
      [CON_FLAG_MMIO, 'ACCESS_MMIO'],
      [CON_FLAG_REGDIST_4, 'REGDIST_4'],
      [CON_FLAG_INVERTED_GATE, 'INVERTED_GATE'],
      [CON_FLAG_MDR_QUIRK, 'MDR_QUIRK'],
    ]);
  }
  const type = CONSOLE_TYPES[flags & CON_V9_TYPE_MASK] ?? `TYPE_${flags & CON_V9_TYPE_MASK}`;
  const rest = bitNames(BigInt(flags & ~CON_V9_TYPE_MASK), 'JAILHOUSE_', [
    [CON_V9_MMIO, 'CON1_ACCESS_MMIO'],
    [CON_V9_REGDIST_4, 'CON1_REGDIST_4'],
    [CON_V9_ROOTPAGE, 'CON2_TYPE_ROOTPAGE'],
  ]);
  return [`JAILHOUSE_CON1_TYPE_${type}`, ...rest];
}

export function pciTypeName(type: number): string {
  switch (type) {
    case PCI_TYPE_DEVICE:
      return 'JAILHOUSE_PCI_TYPE_DEVICE';
    case PCI_TYPE_BRIDGE:
      return 'JAILHOUSE_PCI_TYPE_BRIDGE';
    case PCI_TYPE_IVSHMEM:
      return 'JAILHOUSE_PCI_TYPE_IVSHMEM';
    default:
      return `0x${type.toString(16)}`;
  }
}

export function protocolName(protocol: number, dialect: Dialect): string {
  if (protocol === PROTO_UNDEFINED) {
    return 'JAILHOUSE_SHMEM_PROTO_UNDEFINED';
  }
  const veth = dialectTraits(dialect).revision >= 12 ? PROTO_V2_VETH : PROTO_V1_VETH;
  return protocol === veth ? 'JAILHOUSE_SHMEM_PROTO_VETH' : `0x${protocol.toString(16)}`;
}

function bitNames(flags: bigint, prefix: string, bits: Bits): string[] {
  const set = bits.filter(([bit]) => (flags & BigInt(bit)) !== 0n);
  const rest = set.reduce((left, [bit]) => left & ~BigInt(bit), flags);
  return [...set.map(([, name]) => prefix + name), ...(rest === 0n ? [] : [`0x${rest.toString(16)}`])];
}
