import { decodeDomctl } from '../../abi/xen/domctl/command';
import * as domctl from '../../abi/xen/domctl/memory';
import * as abi from '../../abi/xen/memory';
import { CellvisorError, KernelError } from '../../errors';
import type { SharedMemory } from '../../kernel/kernel';
import type { HypercallPort } from './port';

/** Sizes of an extent that Xen's page tables have blocks for, largest first: 1 GiB, 2 MiB, 4 KiB. */
const EXTENT_ORDERS = [18, 9, 0] as const;
/** Extents of one call: their frame numbers fill four pages. */
const EXTENTS_AT_ONCE = 2048;
/** Xen flushes no more at once. */
const FLUSHED_AT_ONCE = 1n << 18n;
const MIB = 1024n * 1024n;

/** Memory of a domain. Frames are guest frame numbers of 4 KiB pages unless said otherwise. */
export class Memory {
  constructor(private readonly port: HypercallPort) {}

  async setMax(domain: number, maxKib: number): Promise<void> {
    await this.port.domctl(domctl.maxMemory, domain, { maxKib: BigInt(maxKib) });
  }

  /**
   * Gives the domain RAM from a frame on, in the largest blocks that fit and that the host has.
   *
   * @throws KernelError ENOMEM when the host, or the domain's limit, has no more
   */
  async populate(domain: number, firstFrame: bigint, frameCount: number): Promise<void> {
    await this.populateExtents(domain, firstFrame, BigInt(frameCount), 0);
  }

  /** Maps pages of the domain into this process; see {@link Privcmd.mapForeign}. */
  async map(domain: number, firstFrame: bigint, frameCount: number): Promise<SharedMemory> {
    const frames = new BigUint64Array(frameCount);
    for (let index = 0, frame = firstFrame; index < frameCount; index++, frame++) frames[index] = frame;
    return this.port.privcmd.mapForeign(domain, frames);
  }

  /** Writes what the caches hold to RAM: a guest starts with its caches off. */
  async flushCaches(domain: number, firstFrame: bigint, frameCount: number): Promise<void> {
    const end = firstFrame + BigInt(frameCount);
    for (let frame = firstFrame; frame < end; frame += FLUSHED_AT_ONCE) {
      const count = end - frame < FLUSHED_AT_ONCE ? end - frame : FLUSHED_AT_ONCE;
      await this.port.domctl(domctl.cacheFlush, domain, { firstFrame: frame, frameCount: count });
    }
  }

  /** @returns undefined before 4.17: Xen 4.14.6 does not write the answer of shadow_op back on Arm */
  async pagingPoolBytes(domain: number): Promise<bigint | undefined> {
    if (!this.port.dialect.hasPagingPoolCalls) return undefined;
    return decodeDomctl(domctl.getPagingPool.layout, await this.port.domctl(domctl.getPagingPool, domain)).sizeBytes;
  }

  /**
   * Multiples of 4 KiB; Xen before 4.17 counts in MiB, and gets no less. Does nothing where page tables have no pool of their own: in
   * Xen before the security updates of October 2022.
   */
  async setPagingPoolBytes(domain: number, sizeBytes: bigint): Promise<void> {
    if (this.port.dialect.hasPagingPoolCalls) {
      await this.port.domctl(domctl.setPagingPool, domain, { sizeBytes }, {}, { isLong: true });
      return;
    }
    const fields = { operation: domctl.SHADOW_SET_ALLOCATION, mebibytes: Number((sizeBytes + MIB - 1n) / MIB) };
    try {
      await this.port.domctl(domctl.shadow, domain, fields, {}, { isLong: true });
    } catch (error) {
      // An unknown domctl is passed on to the IOMMU's code, which refuses in its own way where there is none.
      if (!(error instanceof KernelError) || !['ENOSYS', 'EOPNOTSUPP'].includes(error.errno ?? '')) throw error;
    }
  }

  /** Reserves pages for a domain that is being built; 0 ends that. @throws KernelError ENOMEM */
  async claim(domain: number, pageCount: number): Promise<void> {
    const bytes = abi.memoryReservationLayout.encode({
      extentsAddress: 0n,
      extentCount: BigInt(pageCount),
      extentOrder: 0,
      flags: 0,
      domain,
    });
    await this.port.privcmd.call(
      'memory_op',
      [abi.XENMEM_claim_pages, { bytes }],
      `memory_op claim of domain ${domain}`,
    );
  }

  /** The highest frame in use. */
  async maxFrame(domain: number): Promise<bigint> {
    const bytes = abi.domainIdLayout.encode({ domain });
    const operation = `memory_op maximum_gpfn of domain ${domain}`;
    return this.one(abi.XENMEM_maximum_gpfn, bytes, operation);
  }

  /** Freed and shared pages of memory sharing: what `xl info` shows. Undefined where Xen has no such thing. */
  async sharing(): Promise<{ readonly freedPages: bigint; readonly sharedPages: bigint } | undefined> {
    const [freedPages = -1n, sharedPages = -1n] = await this.port.privcmd.multicall(
      [
        { name: 'memory_op', args: [abi.XENMEM_get_sharing_freed_pages] },
        { name: 'memory_op', args: [abi.XENMEM_get_sharing_shared_pages] },
      ],
      'memory_op sharing',
    );
    return freedPages < 0n || sharedPages < 0n ? undefined : { freedPages, sharedPages };
  }

  async addGrantTableFrame(domain: number, index: number, frame: bigint): Promise<void> {
    const fields = { domain, size: 0, space: abi.MAPSPACE_grant_table, index: BigInt(index), gpfn: frame };
    const bytes = abi.addToPhysmapLayout.encode(fields);
    const operation = `memory_op add_to_physmap of domain ${domain}`;
    await this.port.privcmd.call('memory_op', [abi.XENMEM_add_to_physmap, { bytes }], operation);
  }

  async removeFrame(domain: number, frame: bigint): Promise<void> {
    const bytes = abi.removeFromPhysmapLayout.encode({ domain, gpfn: frame });
    const operation = `memory_op remove_from_physmap of domain ${domain}`;
    await this.port.privcmd.call('memory_op', [abi.XENMEM_remove_from_physmap, { bytes }], operation);
  }

  private async populateExtents(domain: number, first: bigint, count: bigint, smaller: number): Promise<void> {
    let frame = first;
    const end = first + count;
    while (frame < end) {
      const at = EXTENT_ORDERS.findIndex((one, index) => index >= smaller && fits(frame, end, one));
      const order = EXTENT_ORDERS[at] as number;
      const size = 1n << BigInt(order);
      const frames: bigint[] = [];
      let next = frame;
      while (next + size <= end && frames.length < EXTENTS_AT_ONCE && !fitsBetter(next, end, at, smaller)) {
        frames.push(next);
        next += size;
      }
      const done = await this.populateOnce(domain, frames, order);
      frame += BigInt(done) * size;
      if (done === frames.length) continue;
      if (order === 0) {
        throw new KernelError(`populating domain ${domain} at frame 0x${frame.toString(16)}`, 'ENOMEM', {
          code: 'E_HYPERCALL',
          hint: 'the host or the domain has no more memory: see free_memory of xl info, and maxmem',
        });
      }
      // No block of that size is left: this one in smaller blocks, then on.
      await this.populateExtents(domain, frame, size, at + 1);
      frame += size;
    }
  }

  /** @returns how many of the extents are there now */
  private async populateOnce(domain: number, frames: readonly bigint[], extentOrder: number): Promise<number> {
    const bytes = abi.memoryReservationLayout.encode({
      extentsAddress: 0n,
      extentCount: BigInt(frames.length),
      extentOrder,
      flags: 0,
      domain,
    });
    const extents = new Uint8Array(BigUint64Array.from(frames).buffer);
    const references = [{ offset: abi.memoryReservationLayout.offsetOf('extentsAddress'), buffer: extents }];
    const operation = `memory_op populate_physmap of domain ${domain}`;
    const request = { name: 'memory_op' as const, args: [abi.XENMEM_populate_physmap, { bytes, references }] };
    const [result = 0n] = await this.port.privcmd.multicall([request], operation, { isLong: true });
    if (result < 0n) throw new KernelError(operation, Number(result), { code: 'E_HYPERCALL' });
    return Number(result);
  }

  private async one(command: number, bytes: Uint8Array, operation: string): Promise<bigint> {
    const [result] = await this.port.privcmd.multicall([{ name: 'memory_op', args: [command, { bytes }] }], operation);
    if (result === undefined) throw new CellvisorError(`${operation}: no answer`, { code: 'E_HYPERCALL', operation });
    if (result < 0n) throw new KernelError(operation, Number(result), { code: 'E_HYPERCALL' });
    return result;
  }
}

function fits(frame: bigint, end: bigint, order: number): boolean {
  const size = 1n << BigInt(order);
  return frame % size === 0n && frame + size <= end;
}

/** Whether a larger extent than that of `at` could begin here. */
function fitsBetter(frame: bigint, end: bigint, at: number, smaller: number): boolean {
  return EXTENT_ORDERS.some((order, index) => index >= smaller && index < at && fits(frame, end, order));
}
