import { History } from '../../watch/history';
import { historyCapacity } from './figures';
import { showable } from '../model/log-buffer';
import type { Domain } from '../../xen/host/domain';
import type { DomainWord, XenFigures } from '../model/domain';
import type { XenSample } from '../source';

/** Turns samples of Xen into what is shown of its domains: CPU per cent, and that of the last two minutes. */
export class DomainFigureKeeper {
  private kept = new Map<string, History>();
  private recorded = 0;

  constructor(private intervalMs: number) {}

  /** Values of different intervals do not belong in one history: it begins anew. */
  restart(intervalMs: number): void {
    this.intervalMs = intervalMs;
    this.kept = new Map();
  }

  next(sample: XenSample): XenFigures {
    const before = this.kept;
    this.kept = new Map();
    this.recorded++;
    const { takenAtMs, version, cpuCount, memoryKib, freeKib } = sample;
    const domains = sample.domains.map((domain) => {
      const key = `${domain.id} ${domain.uuid}`;
      const history = before.get(key) ?? new History(historyCapacity(this.intervalMs));
      const cpuPercent = sample.cpuPercents.get(domain.id);
      history.push(cpuPercent);
      this.kept.set(key, history);
      const { id, onlineVcpus, memoryKib: kib, cpuTimeSeconds } = domain;
      return {
        id,
        name: showable(domain.name ?? `domain ${id}`),
        state: wordOf(domain),
        onlineVcpus,
        memoryKib: kib,
        cpuTimeSeconds,
        cpuPercent,
        history: history.values().map((value) => value ?? NaN),
      };
    });
    return { takenAtMs, version, cpuCount, memoryKib, freeKib, domains, recorded: this.recorded };
  }
}

/** What matters most of its states: Xen may give several. */
export function wordOf(domain: Domain): DomainWord {
  if (domain.isDying) return 'dying';
  if (domain.shutdownReason === 'crash') return 'crashed';
  if (domain.isShutDown) return 'shut down';
  if (domain.isPaused) return 'paused';
  if (domain.isRunning) return 'running';
  return domain.isBlocked ? 'blocked' : 'ready';
}
