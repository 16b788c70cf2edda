import { padding, signature, u32, u64 } from '../field';
import { StructLayout } from '../layout';

/** `struct jailhouse_header`, what a hypervisor image starts with on 64-bit machines (jailhouse-abi reference 5.1). */
export interface ImageHeader {
  readonly signature: string;
  /** From the header to the end of bss, in whole pages. */
  readonly coreSize: bigint;
  readonly percpuSize: bigint;
  /** Offset of the entry point. */
  readonly entry: bigint;
  /** Offset of the virtual console's page. */
  readonly consolePage: bigint;
  readonly gcovInfoHead: bigint;
  readonly maxCpus: number;
  readonly onlineCpus: number;
  readonly debugConsoleBase: bigint;
  readonly armLinuxHypVectors: bigint;
  /** 0: Linux before 4.12. */
  readonly armLinuxHypAbi: number;
  readonly padding?: Uint8Array;
}

export const IMAGE_SIGNATURE = 'JAILHOUS';

export const imageHeaderLayout = new StructLayout<ImageHeader>('jailhouse_header', [
  signature('signature', 8),
  u64('coreSize'),
  u64('percpuSize'),
  u64('entry'),
  u64('consolePage'),
  u64('gcovInfoHead'),
  u32('maxCpus'),
  u32('onlineCpus'),
  u64('debugConsoleBase'),
  u64('armLinuxHypVectors'),
  u32('armLinuxHypAbi'),
  padding('padding', 4),
]);
