import { upstreamGuestMemory } from '../../src/abi/xen/dialects/guest-memory';
import { XEN_DIALECTS } from '../../src/abi/xen/dialects/releases';
import { KernelError } from '../../src/errors';
import type { VcpuContext } from '../../src/abi/xen/domctl/vcpu';
import type { Hypervisor } from '../../src/xen/hypervisor/hypervisor';

const PAGE_BYTES = 4096;

/** A domain as the fake hypervisor has it. */
export class FakeDomain {
  readonly frames = new Map<bigint, Uint8Array>();
  readonly params: Record<string, bigint> = {};
  readonly ports: number[] = [];
  readonly flushed = new Set<bigint>();
  context: VcpuContext | undefined;
  grants: ReadonlyMap<number, unknown> = new Map();
  pauses = 1;
  /** As getdomaininfo has them. */
  flags = 0;
  mapped = 0;

  /** What stands in its RAM. */
  read(base: bigint, sizeBytes: number): Uint8Array {
    const bytes = Buffer.alloc(sizeBytes);
    for (let done = 0; done < sizeBytes; done += PAGE_BYTES) {
      const frame = this.frames.get((base + BigInt(done)) / BigInt(PAGE_BYTES));
      if (!frame) throw new Error(`no RAM at 0x${(base + BigInt(done)).toString(16)}`);
      bytes.set(frame.subarray(0, Math.min(PAGE_BYTES, sizeBytes - done)), done);
    }
    return bytes;
  }
}

/**
 * As much of a hypervisor as building a domain takes. RAM is held only as far as it was mapped. `calls` are the hypercalls
 * that were made; the one at index `failAt` fails.
 */
export class FakeHypervisor {
  readonly domains = new Map<number, FakeDomain>();
  readonly calls: string[] = [];
  failAt = -1;
  /** The call at this index, and those after it, are never answered: as if the caller had been killed. */
  hangAt = Infinity;
  freePages = 0x40000n;
  onHang: (() => void) | undefined;
  private nextDomain = 1;

  asHypervisor(): Hypervisor {
    const dialect = XEN_DIALECTS.find(({ name }) => name === '4.17');
    const domain = (domid: number): FakeDomain => {
      const found = this.domains.get(domid);
      if (!found) throw new KernelError(`domain ${domid}`, 'ESRCH');
      return found;
    };
    const parts = {
      dialect: { ...dialect, guestMemory: upstreamGuestMemory },
      host: {
        physInfo: async () => ({ freePages: this.freePages, scrubPages: 0n }),
        capabilityNames: async () => ['hvm', 'hap'],
        cpuTopology: async () => [{ node: 0 }, { node: 0 }],
        scheduler: async () => 'credit2',
      },
      domains: {
        create: async () => {
          const domid = this.nextDomain++;
          this.domains.set(domid, new FakeDomain());
          return { domain: domid, arch: { gicVersion: 2, clockFrequency: 0, spiCount: 0 } };
        },
        destroy: async (domid: number) => void this.domains.delete(domid),
        info: async (domid: number) => this.info(domid),
        setParam: async (domid: number, name: string, value: bigint) => void (domain(domid).params[name] = value),
        setAddressBits: async () => undefined,
        pause: async (domid: number) => void domain(domid).pauses++,
        setUuid: async () => undefined,
        unpause: async (domid: number) => void domain(domid).pauses--,
      },
      vcpus: {
        setMax: async () => undefined,
        setAffinity: async () => undefined,
        setContext: async (domid: number, _: number, context: VcpuContext) => void (domain(domid).context = context),
      },
      memory: {
        setMax: async () => undefined,
        setPagingPoolBytes: async () => undefined,
        populate: async (domid: number, first: bigint, count: number) => {
          for (let frame = 0n; frame < count; frame++) domain(domid).frames.set(first + frame, new Uint8Array(0));
        },
        map: async (domid: number, first: bigint, count: number) => this.map(domain(domid), first, count),
        flushCaches: async (domid: number, first: bigint, count: number) => {
          for (let frame = 0n; frame < count; frame++) domain(domid).flushed.add(first + frame);
        },
      },
      eventChannels: {
        allocateUnbound: async (domid: number) => {
          const { ports } = domain(domid);
          ports.push(ports.length + 1);
          return ports.length;
        },
      },
      grants: {
        seed: async (domid: number, seeds: ReadonlyMap<number, unknown>) => void (domain(domid).grants = seeds),
      },
      schedulers: {
        credit: async () => ({ weight: 256, cap: 0 }),
        setCredit: async () => undefined,
      },
      devices: {
        allowInterrupt: async () => undefined,
        bindInterrupt: async () => undefined,
        allowMemory: async () => undefined,
        mapMemory: async () => undefined,
        assign: async () => undefined,
        makeVuart: async () => 3,
      },
    };
    const counted = Object.entries(parts).map(([part, methods]) => [
      part,
      part === 'dialect' ? methods : this.counted(part, methods),
    ]);
    return Object.fromEntries(counted) as unknown as Hypervisor;
  }

  /** The domain ends by itself. */
  shutDown(domid: number, reason: number): void {
    const domain = this.domains.get(domid);
    if (domain) domain.flags = 4 | (reason << 16);
  }

  private info(domid: number) {
    const domain = this.domains.get(domid);
    return domain && { flags: domain.flags, gpaddrBits: 40 };
  }

  /** Undoing is never made to fail. */
  private counted(part: string, methods: object): object {
    return Object.fromEntries(
      Object.entries(methods as Record<string, (...args: unknown[]) => Promise<unknown>>).map(([name, method]) => [
        name,
        async (...args: unknown[]) => {
          if (name === 'destroy') return method(...args);
          this.calls.push(`${part}.${name}`);
          if (this.calls.length - 1 >= this.hangAt) return new Promise(() => this.onHang?.());
          if (this.calls.length - 1 === this.failAt) throw new KernelError(`${part}.${name}`, 'ENOMEM');
          return method(...args);
        },
      ]),
    );
  }

  private map(domain: FakeDomain, first: bigint, count: number) {
    for (let frame = 0n; frame < count; frame++) {
      if (!domain.frames.has(first + frame)) throw new KernelError('mapping', 'ENOENT');
    }
    domain.mapped++;
    const bytes = new Uint8Array(count * PAGE_BYTES);
    return {
      bytes,
      unmap: () => {
        domain.mapped--;
        for (let frame = 0; frame < count; frame++) {
          domain.frames.set(first + BigInt(frame), bytes.slice(frame * PAGE_BYTES, (frame + 1) * PAGE_BYTES));
        }
      },
    };
  }
}
