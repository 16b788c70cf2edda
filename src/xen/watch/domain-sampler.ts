import type { Domain } from '../host/domain';
import type { XenHost } from '../host/xen-host';

/** All domains at one moment. */
export interface DomainsSample {
  /** Milliseconds since 1970. */
  readonly takenAtMs: number;
  /** Of a clock that is never set: what rates are made of. */
  readonly clockMs: number;
  /** By id. */
  readonly domains: readonly Domain[];
}

export interface SampledDomains extends DomainsSample {
  /** CPU time between the sample before and this one, by domain's id: 100 is one CPU. A domain that is new has none yet. */
  readonly cpuPercents: ReadonlyMap<number, number>;
}

/** Samples of a host's domains, one after the other, each with what was used since the one before. */
export class DomainSampler {
  private last: DomainsSample | undefined;

  constructor(private readonly host: Pick<XenHost, 'domains'>) {}

  /** @throws KernelError as {@link XenHost.domains} does */
  async sample(): Promise<SampledDomains> {
    const clockMs = performance.now();
    const sample = { takenAtMs: Date.now(), clockMs, domains: await this.host.domains() };
    const cpuPercents = this.last ? cpuPercentsBetween(this.last, sample) : new Map<number, number>();
    this.last = sample;
    return { ...sample, cpuPercents };
  }
}

/** How much CPU time each domain used between two samples. An id that was given anew is another domain. */
export function cpuPercentsBetween(before: DomainsSample, after: DomainsSample): ReadonlyMap<number, number> {
  const seconds = (after.clockMs - before.clockMs) / 1000;
  const percents = new Map<number, number>();
  if (seconds <= 0) return percents;
  for (const { id, uuid, cpuTimeSeconds } of after.domains) {
    const earlier = before.domains.find((domain) => domain.id === id && domain.uuid === uuid);
    // A domain that reboots in place counts from zero again.
    if (!earlier || cpuTimeSeconds < earlier.cpuTimeSeconds) continue;
    percents.set(id, (100 * (cpuTimeSeconds - earlier.cpuTimeSeconds)) / seconds);
  }
  return percents;
}
