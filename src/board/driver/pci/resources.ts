import { PCI_BASE_ADDRESS_0 } from './config-space';
import type { ConfigSpace } from './config-space';

const BAR_COUNT = 6;
const ALL_ONES = 0xffff_ffff;
const TYPE_64_BIT = 0x4;
const TYPE_MASK = 0x6;
const FLAG_MASK = 0xf;
/** A BAR gets pages of its own, so that user space can map it alone. */
const MIN_ALIGNMENT = 4096n;

/** A memory BAR of a device. */
export interface Bar {
  readonly index: number;
  readonly sizeBytes: bigint;
  readonly is64Bit: boolean;
  /** 0 before it is assigned. */
  readonly address: bigint;
}

/** Finds out the BARs of a device by the usual way: write ones, see which stick, write the old value back. */
export function sizeBars(config: ConfigSpace): Bar[] {
  const bars: Bar[] = [];
  for (let index = 0; index < BAR_COUNT; index++) {
    const low = probe(config, index);
    if (low === 0) {
      continue;
    }
    const is64Bit = (low & TYPE_MASK) === TYPE_64_BIT;
    const high = is64Bit ? probe(config, index + 1) : ALL_ONES;
    const mask = (BigInt(high) << 32n) | BigInt((low & ~FLAG_MASK) >>> 0);
    bars.push({ index, sizeBytes: BigInt.asUintN(64, -mask), is64Bit, address: 0n });
    index += is64Bit ? 1 : 0;
  }
  return bars;
}

/** Addresses for BARs within the host's window, in order. */
export class Window {
  constructor(
    private next: bigint,
    private readonly end: bigint,
  ) {}

  /** Writes an address into a BAR. @returns undefined when the window has no room for it */
  assign(config: ConfigSpace, bar: Bar): Bar | undefined {
    const alignment = bar.sizeBytes > MIN_ALIGNMENT ? bar.sizeBytes : MIN_ALIGNMENT;
    const address = ((this.next + alignment - 1n) / alignment) * alignment;
    if (address + bar.sizeBytes > this.end) {
      return undefined;
    }
    this.next = address + bar.sizeBytes;
    const register = PCI_BASE_ADDRESS_0 + 4 * bar.index;
    config.write32(register, Number(BigInt.asUintN(32, address)));
    if (bar.is64Bit) {
      config.write32(register + 4, Number(address >> 32n));
    }
    return { ...bar, address };
  }
}

function probe(config: ConfigSpace, index: number): number {
  const register = PCI_BASE_ADDRESS_0 + 4 * index;
  const old = config.read32(register);
  config.write32(register, ALL_ONES);
  const value = config.read32(register);
  config.write32(register, old);
  return value;
}
