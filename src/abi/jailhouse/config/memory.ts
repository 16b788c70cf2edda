import { u64 } from '../../field';
import { StructLayout } from '../../layout';
import { dialectTraits } from '../dialect';
import type { Dialect } from '../dialect';

/** `struct jailhouse_memory`: a range of memory of a cell (jailhouse-abi reference 3.8). */
export interface MemoryRegion {
  readonly physStart: bigint;
  /** Guest-physical address within the cell. */
  readonly virtStart: bigint;
  /** In bytes. */
  readonly size: bigint;
  readonly flags: bigint;
}

export const MEM_READ = 0x0001n;
export const MEM_WRITE = 0x0002n;
/** Not enforced on ARM. */
export const MEM_EXECUTE = 0x0004n;
export const MEM_DMA = 0x0008n;
/** Device memory on ARM. */
export const MEM_IO = 0x0010n;
export const MEM_COMM_REGION = 0x0020n;
export const MEM_LOADABLE = 0x0040n;
export const MEM_ROOTSHARED = 0x0080n;
/** Permitted access widths of a sub-page region. */
export const MEM_IO_8 = 0x1_0000n;
export const MEM_IO_16 = 0x2_0000n;
export const MEM_IO_32 = 0x4_0000n;
export const MEM_IO_64 = 0x8_0000n;

/** Bit 0x100 changed its meaning with revision 12. */
export interface DialectMemoryFlags {
  readonly ioUnaligned: bigint;
  /** 0 where the dialect does not have the flag. */
  readonly noHugepages: bigint;
}

export function memoryFlagsOf(dialect: Dialect): DialectMemoryFlags {
  return dialectTraits(dialect).revision >= 12
    ? { ioUnaligned: 0x8000n, noHugepages: 0x0100n }
    : { ioUnaligned: 0x0100n, noHugepages: 0n };
}

const FLAGS_OF_ALL_DIALECTS =
  MEM_READ |
  MEM_WRITE |
  MEM_EXECUTE |
  MEM_DMA |
  MEM_IO |
  MEM_COMM_REGION |
  MEM_LOADABLE |
  MEM_ROOTSHARED |
  MEM_IO_8 |
  MEM_IO_16 |
  MEM_IO_32 |
  MEM_IO_64;

/** All flags that a region of this dialect can have. */
export function knownMemoryFlags(dialect: Dialect): bigint {
  const { ioUnaligned, noHugepages } = memoryFlagsOf(dialect);
  return FLAGS_OF_ALL_DIALECTS | ioUnaligned | noHugepages;
}

export const memoryRegionLayout = new StructLayout<MemoryRegion>('jailhouse_memory', [
  u64('physStart'),
  u64('virtStart'),
  u64('size'),
  u64('flags'),
]);

/** Whether accesses are emulated one by one because the region is not made of whole 4 KiB pages. */
export function isSubPage(region: MemoryRegion): boolean {
  return ((region.virtStart | region.size) & 0xfffn) !== 0n;
}
