import { PAGE_BYTES } from '../../abi/xen/hypercall';
import { HYPERCALL_PAGES_PATH } from '../../abi/xen/privcmd';
import { KernelError } from '../../errors';
import type { Kernel, KernelFile, SharedMemory } from '../../kernel/kernel';

/** Larger ones are given back to the kernel at once. */
const KEPT_PAGES = 64;

/**
 * Pages that Xen may read and write by address. Xen follows the hardware's page table and takes no fault, so a page must have
 * been written once, and must stay where it is (xen-abi reference 2).
 */
export class HypercallMemory {
  private readonly free: SharedMemory[] = [];

  private constructor(
    private readonly kernel: Kernel,
    /** Undefined on kernels that have no such device: locked anonymous pages do instead. */
    private readonly pages: KernelFile | undefined,
  ) {}

  static async open(kernel: Kernel): Promise<HypercallMemory> {
    try {
      return new HypercallMemory(kernel, await kernel.open(HYPERCALL_PAGES_PATH, { access: 'read-write' }));
    } catch (error) {
      if (error instanceof KernelError && error.errno === 'ENOENT') return new HypercallMemory(kernel, undefined);
      throw error;
    }
  }

  /** At least this many bytes, at the start of a page, with any content. */
  async borrow(sizeBytes: number): Promise<SharedMemory> {
    const fitting = this.free.findIndex(({ bytes }) => bytes.length >= sizeBytes);
    if (fitting >= 0) return this.free.splice(fitting, 1)[0] as SharedMemory;
    const lengthBytes = Math.max(Math.ceil(sizeBytes / PAGE_BYTES), 1) * PAGE_BYTES;
    if (this.pages === undefined) return this.kernel.allocateLocked(lengthBytes);
    const memory = await this.pages.mapMemory(0, lengthBytes, 'read-write');
    memory.bytes.fill(0);
    return memory;
  }

  giveBack(memory: SharedMemory): void {
    if (memory.bytes.length > KEPT_PAGES * PAGE_BYTES) {
      memory.unmap();
    } else {
      this.free.push(memory);
      this.free.sort((a, b) => a.bytes.length - b.bytes.length);
    }
  }

  async close(): Promise<void> {
    for (const memory of this.free.splice(0)) memory.unmap();
    await this.pages?.close();
  }
}
