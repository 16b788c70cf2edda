import { V1_BAR0_SIZE, V2_BAR0_SIZE } from '../abi/jailhouse/ivshmem';
import { CellvisorError, KernelError } from '../errors';
import { readUioAttributes } from './attributes';
import { ivshmemV1, ivshmemV2 } from './ivshmem';
import type { IvshmemVersion } from '../abi/jailhouse/ivshmem';
import type { Kernel, KernelFile, ReadOptions, RegisterWindow, SharedMemory } from '../kernel/kernel';
import type { UioAttributes } from './attributes';
import type { Ivshmem } from './ivshmem';

/** mmap(2) of a UIO device takes the number of the map as its offset, in pages. */
const PAGE_BYTES = 4096;
const EVENT_COUNT_BYTES = 4;

/** The parts of a link's memory, by index of their UIO map. v1 has one that both ends write. */
const SECTIONS = {
  1: { shared: 1 },
  2: { states: 1, shared: 2, inputs: 3, output: 4 },
} as const;

/**
 * `shared`: all ends read and write it. Only v2 has the others: `states` (one 32-bit word an end, read only), `inputs`
 * (the output sections of all ends, read only), and `output`, which this end alone writes.
 */
export type Section = 'shared' | 'states' | 'inputs' | 'output';

interface WaitOptions extends ReadOptions {
  readonly mayBlock?: boolean;
}

/** One end of an inter-cell shared memory link, by its UIO device. */
export class UioDevice {
  private armed = false;
  private readonly countHere = new Uint8Array(EVENT_COUNT_BYTES);

  private constructor(
    readonly path: string,
    readonly attributes: UioAttributes,
    private readonly file: KernelFile,
    private readonly registers: RegisterWindow,
    private readonly ivshmem: Ivshmem,
  ) {}

  /**
   * @throws KernelError `opening PATH` or `mmap`; CellvisorError E_UIO_UNKNOWN for what is no ivshmem device
   */
  static async open(kernel: Kernel, path: string): Promise<UioDevice> {
    const file = await kernel.open(path, { access: 'read-write' }).catch((error: unknown) => {
      throw renamed(error, `opening ${path}`);
    });
    try {
      const attributes = await readUioAttributes(kernel, path);
      const version = attributes.ivshmem;
      if (version === undefined) {
        throw new CellvisorError(`${path} (${attributes.name}) is no ivshmem device`, {
          code: 'E_UIO_UNKNOWN',
          operation: `identify ${path}`,
        });
      }
      const registers = await mapRegisters(file, version);
      const ivshmem = version === 1 ? ivshmemV1(registers) : ivshmemV2(registers);
      return new UioDevice(path, attributes, file, registers, ivshmem);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get version(): IvshmemVersion {
    return this.ivshmem.version;
  }

  /** Number of this end of the link. */
  position(): Promise<number> {
    return this.ivshmem.position();
  }

  /** Number of ends that the link can have. */
  peers(): Promise<number> {
    return this.ivshmem.peers();
  }

  /** Interrupts another end. v1 has only one other and one vector. */
  ring(peer: number, vector = 0): Promise<void> {
    return this.ivshmem.ring(peer, vector);
  }

  /** Lets interrupts arrive from now on, before anybody waits for one. */
  async armInterrupts(): Promise<void> {
    await this.ivshmem.arm();
    this.armed = true;
  }

  /**
   * Waits until the device has interrupted since `open` or the last call; several interrupts may have become one.
   *
   * @returns how often it has interrupted since its driver was bound
   * @param options `mayBlock` holds up this thread for it, for the shortest delay: the signal has no effect then
   * @throws KernelError `read`; EINTR when the signal aborts
   */
  async waitForInterrupt({ mayBlock = false, ...options }: WaitOptions = {}): Promise<number> {
    if (!this.armed) {
      await this.armInterrupts();
    }
    let bytes: Uint8Array = this.countHere;
    let readBytes: number;
    try {
      if (mayBlock && this.file.readHere) {
        readBytes = this.file.readHere(bytes);
      } else {
        bytes = await this.file.read(EVENT_COUNT_BYTES, options);
        readBytes = bytes.length;
      }
    } catch (error) {
      throw renamed(error, 'read');
    }
    if (readBytes !== EVENT_COUNT_BYTES) {
      throw new KernelError('read', 'EIO');
    }
    const count = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true);
    await this.ivshmem.arm();
    return count;
  }

  /**
   * Maps the pages that the ends share.
   *
   * @throws CellvisorError E_UIO_SECTION when the device has no such section; KernelError `mmap`
   */
  async mapSection(section: Section, access: 'read' | 'read-write'): Promise<SharedMemory> {
    const index = (SECTIONS[this.version] as Partial<Record<Section, number>>)[section];
    const map = index === undefined ? undefined : this.attributes.maps[index];
    if (index === undefined || !map || map.sizeBytes === 0) {
      throw new CellvisorError(`${this.path} (ivshmem v${this.version}) has no section "${section}"`, {
        code: 'E_UIO_SECTION',
        operation: 'map section',
      });
    }
    return this.file.mapMemory(index * PAGE_BYTES, map.sizeBytes, access).catch((error: unknown) => {
      throw renamed(error, 'mmap');
    });
  }

  /** Ends waiting calls, too. Mapped sections stay until they are unmapped. */
  async close(): Promise<void> {
    this.registers.unmap();
    await this.file.close();
  }
}

async function mapRegisters(file: KernelFile, version: IvshmemVersion): Promise<RegisterWindow> {
  try {
    return await file.mapRegisters(0, version === 1 ? V1_BAR0_SIZE : V2_BAR0_SIZE);
  } catch (error) {
    throw renamed(error, 'mmap');
  }
}

function renamed(error: unknown, operation: string): unknown {
  return error instanceof KernelError
    ? new KernelError(operation, error.errnoNumber, { hint: error.hint, cause: error })
    : error;
}
