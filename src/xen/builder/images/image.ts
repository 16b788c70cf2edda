/** A kernel that can be loaded: where it goes is counted from the start of the guest's RAM. */
export interface KernelImage {
  readonly kind: 'arm64 Image' | 'zImage';
  /** Of the processor's mode that it starts in. */
  readonly bits: 32 | 64;
  /** What is loaded, unpacked. */
  readonly bytes: Uint8Array;
  readonly loadOffset: bigint;
  /** Absolute, where the image says so; else it is where it was loaded. */
  readonly entry?: bigint | undefined;
}
