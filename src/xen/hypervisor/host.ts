import { decodeText, encodeText } from '../../abi/text';
import { schedulerName } from '../../abi/xen/sched';
import { decodeSysctl } from '../../abi/xen/sysctl/command';
import * as abi from '../../abi/xen/sysctl/host';
import type { SchedulerName } from '../../abi/xen/sched';
import type { HypercallPort } from './port';

/** Where the buffer of Xen's console ring begins: Xen's default, on one CPU. */
const FIRST_CONSOLE_BYTES = 16 * 1024;

export interface NumaNode {
  readonly sizeBytes: bigint;
  readonly freeBytes: bigint;
  /** To each node, itself too. */
  readonly distances: readonly number[];
}

export interface ConsoleText {
  readonly text: string;
  /** Where to go on: see `since`. */
  readonly index: number;
}

/** The machine that Xen runs on. */
export class Host {
  constructor(private readonly port: HypercallPort) {}

  async physInfo(): Promise<abi.PhysInfo> {
    const layout = this.port.dialect.physInfo;
    return decodeSysctl(layout, await this.port.sysctl({ name: 'physinfo', number: abi.PHYSINFO, layout }));
  }

  /** What physinfo's bits mean in this release: `hvm`, `hap` ... */
  async capabilityNames(): Promise<readonly string[]> {
    const { capabilities } = await this.physInfo();
    return this.port.dialect.capabilityNames.filter((_, bit) => capabilities & (1 << bit));
  }

  /** The scheduler of Pool-0: a name, or a number that is not known here. */
  async scheduler(): Promise<SchedulerName | number> {
    const { scheduler } = decodeSysctl(abi.schedulerId.layout, await this.port.sysctl(abi.schedulerId));
    return schedulerName(scheduler) ?? scheduler;
  }

  /** CPUs by number; undefined for those that are offline. */
  async cpuTopology(): Promise<(abi.CpuPlace | undefined)[]> {
    const { count } = decodeSysctl(abi.cpuTopology.layout, await this.port.sysctl(abi.cpuTopology));
    const size = abi.cpuPlaceLayout.sizeBytes;
    const entries = new Uint8Array(count * size);
    await this.port.sysctl(abi.cpuTopology, { count }, { entriesAddress: entries });
    return Array.from({ length: count }, (_, cpu) => {
      const place = abi.cpuPlaceLayout.decode(entries, cpu * size);
      return place.core === 0xffff_ffff ? undefined : place;
    });
  }

  async numaNodes(): Promise<NumaNode[]> {
    const { count } = decodeSysctl(abi.numaInfo.layout, await this.port.sysctl(abi.numaInfo));
    const size = abi.nodeMemoryLayout.sizeBytes;
    const memory = new Uint8Array(count * size);
    const distances = new Uint8Array(count * count * 4);
    await this.port.sysctl(abi.numaInfo, { count }, { memoryAddress: memory, distanceAddress: distances });
    const row = new DataView(distances.buffer);
    return Array.from({ length: count }, (_, node) => ({
      ...abi.nodeMemoryLayout.decode(memory, node * size),
      distances: Array.from({ length: count }, (__, to) => row.getUint32(4 * (node * count + to), true)),
    }));
  }

  async availableHeapBytes(): Promise<bigint> {
    const answer = await this.port.sysctl(abi.availableHeap, { node: -1 });
    return decodeSysctl(abi.availableHeap.layout, answer).availableBytes;
  }

  /**
   * Text of Xen's console ring.
   *
   * @param options `clear` empties the ring; `since` gives only what was written after that index
   */
  async console(options: { readonly clear?: boolean; readonly since?: number } = {}): Promise<ConsoleText> {
    for (let sizeBytes = FIRST_CONSOLE_BYTES; ; sizeBytes *= 2) {
      const buffer = new Uint8Array(sizeBytes);
      const fields = { incremental: options.since === undefined ? 0 : 1, index: options.since ?? 0, count: sizeBytes };
      const answer = await this.port.sysctl(abi.readConsole, fields, { bufferAddress: buffer });
      const { count, index } = decodeSysctl(abi.readConsole.layout, answer);
      // A full buffer may have left something out: only the read that got all may clear.
      if (count === sizeBytes) continue;
      if (options.clear)
        await this.port.sysctl(abi.readConsole, { clear: 1, count: sizeBytes }, { bufferAddress: buffer });
      return { text: decodeText(buffer.subarray(0, count)), index };
    }
  }

  /** What the keys would do at Xen's own console. */
  async sendDebugKeys(keys: string): Promise<void> {
    const bytes = encodeText(keys);
    await this.port.sysctl(abi.debugKeys, { count: bytes.length }, { keysAddress: bytes });
  }
}
