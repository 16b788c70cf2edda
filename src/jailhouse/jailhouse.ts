import {
  encodeCellCreate,
  encodeCellId,
  encodeCellLoad,
  encodeEnable,
  JAILHOUSE_CELL_CREATE,
  JAILHOUSE_CELL_DESTROY,
  JAILHOUSE_CELL_LOAD,
  JAILHOUSE_CELL_START,
  JAILHOUSE_DISABLE,
  JAILHOUSE_ENABLE,
} from '../abi/jailhouse/ioctls';
import { KernelError } from '../errors';
import { readCell, readCellIds } from './cell';
import { readConsole } from './console';
import { findStatsTarget, readCounters, readStatsCpus } from './stats';
import { readStatus } from './status';
import { named } from './sysfs';
import type { CellSelector, IoctlArgument, PreloadImage } from '../abi/jailhouse/ioctls';
import type { Kernel } from '../kernel/kernel';
import type { Cell } from './cell';
import type { ConsoleOptions } from './console';
import type { ConfigFile, FindCellConfigs, Refusal } from './explain/refusal';
import type { Counters, StatsTarget } from './stats';
import type { Status } from './status';

export const JAILHOUSE_DEVICE = '/dev/jailhouse';

/** What takes milliseconds. The others move every CPU into the hypervisor, unplug CPUs, or write images. */
const QUICK_REQUESTS: ReadonlySet<number> = new Set([JAILHOUSE_DISABLE, JAILHOUSE_CELL_DESTROY]);

export interface JailhouseOptions {
  /**
   * Where to look for the config of a cell by its name, when an error is to be explained that depends on it. Asked only
   * then. Default: nowhere.
   */
  readonly findCellConfigs?: FindCellConfigs;
  /** Told of what was created, so that its config is known later. Default: nobody. */
  readonly configKeeper?: ConfigKeeper;
}

/** Remembers what cells were created from, which no driver gives back. Its methods never reject. */
export interface ConfigKeeper {
  /** @param config of a cell that now exists, or the system config that Jailhouse was enabled with */
  created(config: Uint8Array): Promise<void>;
  /** One cell, or all of them, exist no longer. */
  gone(): Promise<void>;
}

/** Counters of a cell: summed up, and by CPU where the driver has them. */
export interface CellStats extends StatsTarget {
  readonly sum: Counters;
  readonly cpus: ReadonlyMap<number, Counters>;
}

/** `Omit` that keeps the members of a union apart. */
type Given<R extends Refusal> = R extends Refusal ? Omit<R, 'errno' | 'startedAtNs'> : never;

type Tried<R extends Refusal> = R extends Refusal ? Omit<R, 'errno'> : never;

/**
 * The Jailhouse hypervisor, through its driver. Every method rejects with KernelError: its operation is the request's
 * name (`JAILHOUSE_CELL_CREATE`) or what else was tried (`opening /dev/jailhouse`), its errno the driver's, and its hint,
 * where the reason could be found, one line that says what to do.
 */
export class Jailhouse {
  constructor(
    private readonly kernel: Kernel,
    private readonly options: JailhouseOptions = {},
  ) {}

  /** Starts the hypervisor. @param system a whole system config (`imx8mm.cell`), of the revision that the driver takes */
  async enable(system: Uint8Array): Promise<void> {
    await this.request({ operation: 'JAILHOUSE_ENABLE', config: system }, JAILHOUSE_ENABLE, encodeEnable(system));
    await this.options.configKeeper?.created(system);
  }

  /** Destroys all cells but the root cell and ends the hypervisor. */
  async disable(): Promise<void> {
    await this.request({ operation: 'JAILHOUSE_DISABLE' }, JAILHOUSE_DISABLE);
    await this.options.configKeeper?.gone();
  }

  async createCell(config: Uint8Array): Promise<void> {
    await this.request({ operation: 'JAILHOUSE_CELL_CREATE', config }, JAILHOUSE_CELL_CREATE, encodeCellCreate(config));
    await this.options.configKeeper?.created(config);
  }

  /** Shuts the cell down and writes the images, in this order, to its memory. */
  loadCell(selector: CellSelector, images: readonly PreloadImage[]): Promise<void> {
    const sizes = images.map(({ source, targetAddress }) => ({ sizeBytes: source.length, address: targetAddress }));
    const given = { operation: 'JAILHOUSE_CELL_LOAD', selector, images: sizes } as const;
    return this.request(given, JAILHOUSE_CELL_LOAD, encodeCellLoad(selector, images));
  }

  /** Runs the cell from its reset address; starts it anew when it runs. */
  startCell(selector: CellSelector): Promise<void> {
    return this.request({ operation: 'JAILHOUSE_CELL_START', selector }, JAILHOUSE_CELL_START, encodeCellId(selector));
  }

  /** Stops the cell's CPUs. The driver has no request of its own for that: it is a load of nothing. */
  shutdownCell(selector: CellSelector): Promise<void> {
    return this.loadCell(selector, []);
  }

  async destroyCell(selector: CellSelector): Promise<void> {
    await this.request(
      { operation: 'JAILHOUSE_CELL_DESTROY', selector },
      JAILHOUSE_CELL_DESTROY,
      encodeCellId(selector),
    );
    await this.options.configKeeper?.gone();
  }

  /** What sysfs says of all cells now, the root cell first among equals: ordered by their ids as text. Not enabled: none. */
  async cells(): Promise<Cell[]> {
    const ids = await readCellIds(this.kernel);
    return Promise.all(ids.map((id) => readCell(this.kernel, id)));
  }

  /** The hypervisor's console, see {@link readConsole}. */
  async *console(options: ConsoleOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    const startedAtNs = process.hrtime.bigint();
    try {
      yield* readConsole(this.kernel, JAILHOUSE_DEVICE, options);
    } catch (error) {
      throw await this.explained(error, { operation: 'read(console)', startedAtNs });
    }
  }

  status(): Promise<Status> {
    return readStatus(this.kernel);
  }

  /** VM exits of a cell by reason. KernelError `reading stats` when there is no such cell. */
  async stats(selector: CellSelector): Promise<CellStats> {
    const startedAtNs = process.hrtime.bigint();
    try {
      const target = await findStatsTarget(this.kernel, selector);
      const cpus = await readStatsCpus(this.kernel, target.id);
      const [sum, ...each] = await Promise.all([
        readCounters(this.kernel, target.id),
        ...cpus.map((cpu) => readCounters(this.kernel, target.id, cpu)),
      ]);
      return { ...target, sum, cpus: new Map(cpus.map((cpu, index) => [cpu, each[index] as Counters])) };
    } catch (error) {
      throw await this.explained(error, { operation: 'reading stats', selector, startedAtNs });
    }
  }

  private async request(given: Given<Refusal>, request: number, argument?: IoctlArgument): Promise<void> {
    const device = await named(
      `opening ${JAILHOUSE_DEVICE}`,
      this.kernel.open(JAILHOUSE_DEVICE, { access: 'read-write' }),
    );
    const startedAtNs = process.hrtime.bigint();
    try {
      await named(given.operation, device.ioctl(request, argument, { isQuick: QUICK_REQUESTS.has(request) }));
    } catch (error) {
      throw await this.explained(error, { ...given, startedAtNs });
    } finally {
      await device.close();
    }
  }

  /** The same error with a hint, when the reason can be found. */
  private async explained(error: unknown, tried: Tried<Refusal>): Promise<unknown> {
    if (!(error instanceof KernelError) || error.hint !== undefined || error.operation !== tried.operation) {
      return error;
    }
    const { explainRefusal } = await import('./explain/explain');
    const refusal: Refusal = { ...tried, errno: error.errno };
    const hint = await explainRefusal(this.kernel, refusal, this.options.findCellConfigs ?? noConfigs);
    return new KernelError(error.operation, error.errnoNumber, { hint, cause: error.cause });
  }
}

function noConfigs(): Promise<readonly ConfigFile[]> {
  return Promise.resolve([]);
}
