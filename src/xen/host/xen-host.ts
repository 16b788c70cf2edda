import { KernelError } from '../../errors';
import { Hypervisor } from '../hypervisor/hypervisor';
import { openXenstore } from '../xenstore/open';
import { followConsole } from './console-ring';
import { toDomain } from './domain';
import { changes } from './events';
import type { DomainInfo } from '../../abi/xen/domctl/domain';
import type { Kernel } from '../../kernel/kernel';
import type { Cpupool } from '../hypervisor/cpupools';
import type { HypervisorOptions } from '../hypervisor/hypervisor';
import type { Watch } from '../xenstore/watch';
import type { Xenstore } from '../xenstore/xenstore';
import type { FollowOptions } from './console-ring';
import type { Domain } from './domain';
import type { DomainEvent } from './events';

export interface NamedCpupool extends Cpupool {
  /** From xenstore; undefined where none is there. */
  readonly name: string | undefined;
}

/**
 * A host of Xen, seen from dom0: its domains with their names, its pools, its console. `hypervisor` and `xenstore` are what it
 * stands on, for everything that has no method here.
 */
export class XenHost {
  private constructor(
    private readonly kernel: Kernel,
    readonly hypervisor: Hypervisor,
    readonly xenstore: Xenstore,
  ) {}

  /**
   * @param options `target`: a dialect of Xen by name, in place of what is found out
   * @throws KernelError where Xen or xenstored does not run, or for others than root
   * @throws CellvisorError `E_XEN_VERSION` for a Xen that is not known
   */
  static async open(kernel: Kernel, options: HypervisorOptions = {}): Promise<XenHost> {
    const hypervisor = await Hypervisor.open(kernel, options);
    try {
      return new XenHost(kernel, hypervisor, await openXenstore(kernel));
    } catch (error) {
      await hypervisor.close();
      throw error;
    }
  }

  /** All domains, by id. */
  async domains(): Promise<Domain[]> {
    const infos = await this.hypervisor.domains.list();
    const names = await Promise.all(infos.map(({ domain }) => this.domainName(domain)));
    return infos.map((info, index) => toDomain(info, names[index]));
  }

  /** Undefined where there is none of that id. */
  async domain(id: number): Promise<Domain | undefined> {
    const info = await this.hypervisor.domains.info(id);
    return info && this.named(info);
  }

  async domainByName(name: string): Promise<Domain | undefined> {
    return (await this.domains()).find((domain) => domain.name === name);
  }

  async domainName(id: number): Promise<string | undefined> {
    return this.xenstore.readIfThere(`/local/domain/${id}/name`);
  }

  async cpupools(): Promise<NamedCpupool[]> {
    const pools = await this.hypervisor.cpupools.list();
    const names = await Promise.all(pools.map(({ id }) => this.cpupoolName(id)));
    return pools.map((pool, index) => ({ ...pool, name: names[index] }));
  }

  async cpupoolName(id: number): Promise<string | undefined> {
    return this.xenstore.readIfThere(`/local/pool/${id}/name`);
  }

  /**
   * What happens to domains from now on, until the signal aborts: xenstored tells that something changed, the lists before and
   * after it tell what.
   */
  async *events({ signal }: FollowOptions = {}): AsyncGenerator<DomainEvent, void> {
    const watches = await Promise.all(
      ['@introduceDomain', '@releaseDomain'].map((path) => this.xenstore.watch(path, { signal })),
    );
    try {
      let before = await this.domains();
      const anything = merged(watches);
      while (!(await anything.next()).done) {
        const after = await this.domains();
        yield* changes(before, after);
        before = after;
      }
    } catch (error) {
      if (!signal?.aborted || !(error instanceof KernelError)) throw error;
    } finally {
      await Promise.all(watches.map((watch) => watch.close()));
    }
  }

  /** Xen's own console; see {@link followConsole}. */
  console(options: FollowOptions = {}): AsyncGenerator<string, void> {
    return followConsole(this.kernel, this.hypervisor.host, options);
  }

  async close(): Promise<void> {
    this.xenstore.close();
    await this.hypervisor.close();
  }

  private async named(info: DomainInfo): Promise<Domain> {
    return toDomain(info, await this.domainName(info.domain));
  }
}

/** The events of several watches as they come. */
async function* merged(watches: readonly Watch[]): AsyncGenerator<string, void> {
  const iterators = watches.map((watch) => watch[Symbol.asyncIterator]());
  const take = (at: number) => {
    const next = (iterators[at] as AsyncIterator<string>).next().then((result) => ({ at, result }));
    // One that nobody waits for any more, because another failed or the reader left.
    next.catch(() => undefined);
    return next;
  };
  const pending = new Map(iterators.map((_, at) => [at, take(at)]));
  while (pending.size > 0) {
    const { at, result } = await Promise.race(pending.values());
    if (result.done) pending.delete(at);
    else {
      pending.set(at, take(at));
      yield result.value;
    }
  }
}
