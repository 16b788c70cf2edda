import { newBoard } from '../../../src/dashboard/model/board';
import { initialState } from '../../../src/dashboard/model/state';
import { update } from '../../../src/dashboard/model/update/update';
import type { BoardSample, CellState, Figures } from '../../../src/dashboard/model/board';
import type { DashboardEvent, Effect, Key } from '../../../src/dashboard/model/events';
import type { DomainState, XenFigures } from '../../../src/dashboard/model/domain';
import type { Start, State } from '../../../src/dashboard/model/state';

export const NOW_MS = Date.UTC(2026, 0, 1);

const COUNTERS = ['total', 'mmio', 'management', 'hypercall', 'maintenance', 'virt_irq', 'virt_sgi', 'psci', 'smccc'];

/** Figures in which every counter differs: `vmexits_mmio` counts twice as fast as `vmexits_total`, and so on. */
export function figures(perSecond: number): Figures {
  const map = (value: (index: number) => number) =>
    new Map(COUNTERS.map((name, index) => [`vmexits_${name}`, value(index)]));
  const rates = map((index) => perSecond * (index + 1));
  return {
    totals: map((index) => 1000 * perSecond * (index + 1)),
    rates,
    histories: new Map(
      [...rates].map(([name, rate]) => [name, Array.from({ length: 120 }, (_, at) => (rate * at) / 119)]),
    ),
  };
}

export function cell(id: number, name: string, changes: Partial<CellState> & { perSecond?: number } = {}): CellState {
  const { perSecond = id + 1, ...others } = changes;
  const assignedCpus = others.assignedCpus ?? [id];
  return {
    id,
    name,
    state: 'running',
    assignedCpus,
    failedCpus: [],
    sum: figures(perSecond),
    cpus: new Map(assignedCpus.map((cpu) => [cpu, figures(perSecond / assignedCpus.length)])),
    ...others,
  };
}

export function sample(cells: readonly CellState[], changes: Partial<BoardSample> = {}): BoardSample {
  return {
    takenAtMs: NOW_MS,
    status: {
      present: true,
      enabled: cells.length > 0,
      version: 'v0.10',
      memPool: { sizePages: 994, usedPages: 70 },
      remapPool: { sizePages: 131_072, usedPages: 144 },
    },
    cells,
    uio: [],
    failures: [],
    recorded: 120,
    uptimeSeconds: 3723,
    presentCpus: [0, 1, 2, 3],
    ...changes,
  };
}

export function domain(id: number, name: string, changes: Partial<DomainState> = {}): DomainState {
  return {
    id,
    name,
    state: 'blocked',
    onlineVcpus: 1,
    memoryKib: 131_072,
    cpuTimeSeconds: 10 * (id + 1),
    cpuPercent: id + 1,
    history: Array.from({ length: 120 }, (_, at) => at % 40),
    ...changes,
  };
}

export function xenFigures(domains: readonly DomainState[], changes: Partial<XenFigures> = {}): XenFigures {
  return {
    takenAtMs: NOW_MS,
    version: '4.17',
    cpuCount: 2,
    memoryKib: 1_310_720,
    freeKib: 393_216,
    recorded: 120,
    domains,
    ...changes,
  };
}

/** The dashboard without a terminal: events in, state and effects out. */
export class Model {
  state: State;
  readonly effects: Effect[] = [];

  constructor(changes: Partial<Start> = {}) {
    this.state = initialState({
      boards: [newBoard('imx8mm-evk', 'emulated', NOW_MS)],
      columns: 80,
      rows: 24,
      nowMs: NOW_MS,
      intervalMs: 1000,
      isReadOnly: false,
      ...changes,
    });
  }

  send(event: DashboardEvent): this {
    const { state, effects } = update(this.state, event);
    this.state = state;
    this.effects.push(...effects);
    return this;
  }

  sampled(cells: readonly CellState[], changes: Partial<BoardSample> = {}, board = 0): this {
    return this.send({ kind: 'sampled', board, sample: sample(cells, changes) });
  }

  /** A board with Xen, and without Jailhouse. */
  xen(domains: readonly DomainState[], changes: Partial<XenFigures> = {}): this {
    const pool = { sizePages: 0, usedPages: 0 };
    const status = { present: false, enabled: false, version: undefined, memPool: pool, remapPool: pool };
    this.sampled([], { status });
    this.send({ kind: 'xen-found', board: 0 });
    return this.send({ kind: 'xen-sampled', board: 0, figures: xenFigures(domains, changes) });
  }

  press(...names: string[]): this {
    for (const name of names) this.send({ kind: 'key', key: keyNamed(name) });
    return this;
  }

  type(text: string): this {
    return this.press(...[...text].map((character) => (character === ' ' ? 'space' : character)));
  }

  /** What is wanted done since this was asked last. */
  takeEffects(): Effect[] {
    return this.effects.splice(0);
  }
}

function keyNamed(name: string): Key {
  const text = name === 'space' ? ' ' : name.length === 1 ? name : undefined;
  return { name, text, sequence: SEQUENCES[name] ?? text };
}

/** What a terminal sends for keys that type nothing. */
const SEQUENCES: Readonly<Record<string, string>> = { enter: '\r', up: '\x1b[A', 'ctrl-c': '\x03', 'ctrl-]': '\x1d' };
