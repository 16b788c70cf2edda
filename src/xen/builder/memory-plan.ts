import { BuildError } from './build-error';
import type { GuestMemoryMap } from '../../abi/xen/dialects/guest-memory';

export const PAGE_BYTES = 4096n;
const BLOCK_BYTES = 2n * 1024n * 1024n;
/** Where ramdisk and device tree go in guests that are large enough: behind every kernel, in reach of its first mapping. */
const MODULES_OFFSET = 128n * 1024n * 1024n;

export interface Region {
  readonly base: bigint;
  readonly sizeBytes: bigint;
}

export interface MemoryNeeds {
  readonly memoryBytes: bigint;
  readonly kernelBytes: bigint;
  /** From the start of RAM. */
  readonly kernelOffset: bigint;
  /** 0: there is none. */
  readonly ramdiskBytes: bigint;
  readonly deviceTreeBytes: bigint;
}

/** Where everything is in the guest's physical address space. */
export interface MemoryPlan {
  /** RAM: one or two banks, none empty. */
  readonly banks: readonly Region[];
  readonly kernel: Region;
  readonly ramdisk?: Region | undefined;
  readonly deviceTree: Region;
}

/**
 * Places a guest's parts as libxc does (xen-abi reference 8).
 * @throws BuildError `E_XEN_MEMORY` when they do not fit
 */
export function planMemory(map: GuestMemoryMap, needs: MemoryNeeds): MemoryPlan {
  const banks = fillBanks(map, needs.memoryBytes);
  const bank = banks[0] as Region;
  const bankEnd = bank.base + bank.sizeBytes;
  const kernel = { base: bank.base + needs.kernelOffset, sizeBytes: needs.kernelBytes };
  const kernelEnd = alignUp(kernel.base + kernel.sizeBytes, BLOCK_BYTES);
  if (kernel.base + kernel.sizeBytes > bankEnd) {
    throw tooSmall(needs, `the kernel needs ${mebibytes(needs.kernelOffset + needs.kernelBytes)}`);
  }
  const ramdiskBytes = alignUp(needs.ramdiskBytes, PAGE_BYTES);
  const modulesBytes = ramdiskBytes + alignUp(needs.deviceTreeBytes, PAGE_BYTES);
  const base = placeModules(bank, kernel.base, kernelEnd, modulesBytes);
  if (base === undefined) {
    const what = `the kernel needs ${mebibytes(needs.kernelBytes)}, ramdisk and device tree ${mebibytes(modulesBytes)}`;
    throw tooSmall(needs, what);
  }
  return {
    banks,
    kernel,
    ...(needs.ramdiskBytes > 0n && { ramdisk: { base, sizeBytes: needs.ramdiskBytes } }),
    deviceTree: { base: base + ramdiskBytes, sizeBytes: needs.deviceTreeBytes },
  };
}

function fillBanks(map: GuestMemoryMap, memoryBytes: bigint): Region[] {
  const banks: Region[] = [];
  let left = memoryBytes;
  for (const { base, maxBytes } of map.banks) {
    const sizeBytes = left < maxBytes ? left : maxBytes;
    if (sizeBytes > 0n) banks.push({ base, sizeBytes });
    left -= sizeBytes;
  }
  if (banks.length === 0)
    throw new BuildError('E_XEN_MEMORY', 'the domain has no memory', 'memory = MEBIBYTES says how much');
  if (left > 0n) {
    const most = map.banks.reduce((sum, { maxBytes }) => sum + maxBytes, 0n);
    throw new BuildError(
      'E_XEN_MEMORY',
      `memory: ${mebibytes(memoryBytes)} is more than a guest has (${mebibytes(most)})`,
    );
  }
  return banks;
}

function placeModules(bank: Region, kernelBase: bigint, kernelEnd: bigint, sizeBytes: bigint): bigint | undefined {
  const bankEnd = bank.base + bank.sizeBytes;
  const preferred = bank.base + MODULES_OFFSET;
  if (bankEnd >= preferred + sizeBytes && kernelEnd < preferred) return preferred;
  if (bankEnd - sizeBytes > kernelEnd) return bankEnd - sizeBytes;
  if (kernelBase - bank.base > sizeBytes) return kernelBase - sizeBytes;
  return undefined;
}

function tooSmall({ memoryBytes }: MemoryNeeds, why: string): BuildError {
  return new BuildError('E_XEN_MEMORY', `memory: ${mebibytes(memoryBytes)} is too little: ${why}`);
}

function mebibytes(bytes: bigint): string {
  return `${Number((bytes * 10n) / 1024n / 1024n) / 10} MiB`;
}

export function alignUp(value: bigint, multiple: bigint): bigint {
  return ((value + multiple - 1n) / multiple) * multiple;
}
