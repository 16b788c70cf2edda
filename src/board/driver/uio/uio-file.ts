import { KernelError } from '../../../errors';
import { isRangeError } from '../../machine-errors';
import { POLL_ERROR, POLL_READABLE } from '../vfs/open-description';
import { pageAligned } from './pages';
import type { ErrnoName } from '../../../errno';
import type { Linux } from '../linux/linux';
import type { AccessMode, OpenFileFlags, SharedPages } from '../../syscalls';
import type { FileOperations } from '../vfs/open-description';
import type { UioDevice, UioMap } from './uio-device';

const PAGE_SIZE = 4096;
const EVENT_BYTES = 4;

/** An open /dev/uioN: reads wait for interrupts, maps are the device's registers and memory. */
export class UioFile implements FileOperations {
  private readonly path: string;
  /** Interrupts before the open are not reported. */
  private seenEvents: number;
  private readonly mappedRegisters = new Set<number>();

  constructor(
    private readonly linux: Linux,
    private readonly device: UioDevice,
    private readonly flags: OpenFileFlags,
  ) {
    this.path = `/dev/uio${device.minor}`;
    this.seenEvents = device.eventCount;
  }

  async read(lengthBytes: number, signal: AbortSignal): Promise<Uint8Array> {
    if (lengthBytes !== EVENT_BYTES) {
      throw this.error('EINVAL');
    }
    for (;;) {
      if (this.device.isRemoved) {
        throw this.error('EIO');
      }
      const events = this.device.eventCount;
      if (events !== this.seenEvents) {
        this.seenEvents = events;
        const bytes = new Uint8Array(EVENT_BYTES);
        new DataView(bytes.buffer).setUint32(0, events, true);
        return bytes;
      }
      if (this.flags.nonBlocking) {
        throw this.error('EAGAIN');
      }
      await this.device.changed.wait(signal, this.path);
    }
  }

  async poll(signal: AbortSignal): Promise<number> {
    while (!this.device.isRemoved && this.device.eventCount === this.seenEvents) {
      await this.device.changed.wait(signal, this.path);
    }
    return this.device.isRemoved ? POLL_ERROR : POLL_READABLE;
  }

  mapMemory(offset: number, lengthBytes: number, access: AccessMode): SharedPages {
    const map = this.mapAt(offset, lengthBytes);
    if (access === 'read-write' && this.flags.access === 'read') {
      throw this.error('EACCES');
    }
    if (map.kind === 'registers') {
      throw this.error('ENODEV');
    }
    return this.linux.machine.shareRam(map.address, BigInt(lengthBytes));
  }

  mapRegisters(offset: number, lengthBytes: number): void {
    if (this.flags.access === 'read') {
      throw this.error('EACCES');
    }
    if (this.mapAt(offset, lengthBytes).kind !== 'registers') {
      throw this.error('ENODEV');
    }
    this.mappedRegisters.add(offset);
  }

  readRegister32(offset: number): number {
    return this.access(() => Number(this.linux.machine.rootRead(this.cpu, this.addressOf(offset), EVENT_BYTES)));
  }

  writeRegister32(offset: number, value: number): void {
    const bits = BigInt(value >>> 0);
    this.access(() => this.linux.machine.rootWrite(this.cpu, this.addressOf(offset), EVENT_BYTES, bits));
  }

  private error(errno: ErrnoName): KernelError {
    return new KernelError(this.path, errno);
  }

  private get cpu(): number {
    return this.linux.cpus.current;
  }

  /** Map N is mapped at offset N pages, and no more than its whole pages. */
  private mapAt(offset: number, lengthBytes: number): UioMap {
    const map = this.device.description.maps[offset / PAGE_SIZE];
    if (this.device.isRemoved || !map || lengthBytes <= 0 || BigInt(lengthBytes) > pageAligned(map.sizeBytes)) {
      throw this.error('EINVAL');
    }
    return map;
  }

  private addressOf(offset: number): bigint {
    const page = Math.floor(offset / PAGE_SIZE) * PAGE_SIZE;
    const map = this.device.description.maps[page / PAGE_SIZE];
    if (this.device.isRemoved || !map || !this.mappedRegisters.has(page) || offset % 4 !== 0) {
      throw this.error('EFAULT');
    }
    return map.address + BigInt(offset - page);
  }

  /**
   * What nothing answers is a bus error for the process. An access that the hypervisor forbids parks the CPU, and the process
   * with it; here the process gets away with EIO.
   */
  private access<T>(operation: () => T): T {
    const { cpu } = this;
    try {
      return operation();
    } catch (error) {
      if (isRangeError(error)) {
        throw this.error('EFAULT');
      }
      throw this.linux.machine.cpuState(cpu) === 'failed' ? this.error('EIO') : error;
    }
  }
}
