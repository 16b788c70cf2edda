import type { GuestMemoryMap } from '../../../abi/xen/dialects/guest-memory';
import type { DeviceTree } from '../../../fdt';
import type { Region } from '../memory-plan';

export interface GuestTreeRequest {
  /** Of Xen, such as `4.17`. */
  readonly release: string;
  readonly map: GuestMemoryMap;
  readonly banks: readonly Region[];
  readonly ramdisk?: Region | undefined;
  readonly vcpuCount: number;
  readonly bits: 32 | 64;
  readonly gicVersion: 'v2' | 'v3';
  readonly commandLine?: string | undefined;
  /** 0: the firmware has set the timer's frequency. */
  readonly clockFrequencyHz: number;
  readonly hasVuart: boolean;
  readonly hasVrtc: boolean;
  readonly hasOptee: boolean;
  /** For the kernel's random numbers: 4.16 and later give it. */
  readonly rngSeed?: Uint8Array | undefined;
  /** Bits of a guest physical address: with them, free ranges are offered to the guest (4.16 and later). */
  readonly guestAddressBits?: number | undefined;
  /** The device tree of `device_tree`, and its file for errors. */
  readonly partial?: { readonly tree: DeviceTree; readonly file: string } | undefined;
  readonly isNxp: boolean;
}
