import { grantEntryLayout } from '../../abi/xen/grant-table';
import { RESOURCE_GRANT_TABLE } from '../../abi/xen/privcmd';
import { KernelError } from '../../errors';
import type { GrantEntry } from '../../abi/xen/grant-table';
import type { SharedMemory } from '../../kernel/kernel';
import type { Memory } from './memory';
import type { HypercallPort } from './port';

/** Grants by reference number. */
export type GrantSeeds = ReadonlyMap<number, GrantEntry>;

/** Grant tables of guests that do not run yet. */
export class Grants {
  constructor(
    private readonly port: HypercallPort,
    private readonly memory: Memory,
  ) {}

  /** Writes entries of the first frame: what the guest would grant itself if it ran. */
  async seed(domain: number, seeds: GrantSeeds): Promise<void> {
    try {
      fill(await this.port.privcmd.mapResource(domain, RESOURCE_GRANT_TABLE, 0, 0, 1), seeds);
    } catch (error) {
      // Kernels before 4.18 have no such request, and Xen before 4.12 no such resource.
      if (!(error instanceof KernelError) || !['ENOTTY', 'EOPNOTSUPP', 'ENOSYS'].includes(error.errno ?? ''))
        throw error;
      await this.seedInGuest(domain, seeds);
    }
  }

  /** The way of older kernels: the frame is shown to the guest for a moment, and mapped from there. */
  async seedInGuest(domain: number, seeds: GrantSeeds): Promise<void> {
    const frame = (await this.memory.maxFrame(domain)) + 1n;
    await this.memory.addGrantTableFrame(domain, 0, frame);
    try {
      fill(await this.memory.map(domain, frame, 1), seeds);
    } finally {
      await this.memory.removeFrame(domain, frame);
    }
  }
}

function fill(table: SharedMemory, seeds: GrantSeeds): void {
  for (const [ref, entry] of seeds) table.bytes.set(grantEntryLayout.encode(entry), ref * grantEntryLayout.sizeBytes);
  table.unmap();
}
