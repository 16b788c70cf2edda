import { readCell, readCellIds } from '../cell';
import { readKernelLog } from '../kernel-log';
import { parseCpuList, readLine, SYSFS_ROOT } from '../sysfs';
import type { Kernel } from '../../kernel/kernel';
import type { Cell } from '../cell';

export interface Pool {
  readonly usedPages: number;
  readonly sizePages: number;
}

/** /proc/uptime has hundredths of a second. */
const UPTIME_STEP_SECONDS = 0.01;

/**
 * What can be found out after a call failed. Nothing is read before it is asked for, and what cannot be read is
 * `undefined` or empty: a missing reason must not hide the error itself.
 */
export class Evidence {
  /** @param startedAtNs `process.hrtime.bigint()` just before the call that failed */
  constructor(
    private readonly kernel: Kernel,
    private readonly startedAtNs: bigint,
  ) {}

  async enabled(): Promise<boolean | undefined> {
    const text = await this.line(`${SYSFS_ROOT}/enabled`);
    return text === undefined ? undefined : text.trim() === '1';
  }

  async cells(): Promise<Cell[]> {
    try {
      return await Promise.all((await readCellIds(this.kernel)).map((id) => readCell(this.kernel, id)));
    } catch {
      return [];
    }
  }

  /** Such as `v0.10`; builds from a git tree add ` (N-gHASH)`. */
  driverVersion(): Promise<string | undefined> {
    return this.line('/sys/module/jailhouse/version');
  }

  async offlineCpus(): Promise<number[]> {
    return parseCpuList((await this.line('/sys/devices/system/cpu/offline')) ?? '');
  }

  /** Undefined where it is not known. */
  async presentCpus(): Promise<number[] | undefined> {
    const text = await this.line('/sys/devices/system/cpu/present');
    return text === undefined ? undefined : parseCpuList(text);
  }

  async pool(name: 'mem' | 'remap'): Promise<Pool | undefined> {
    const used = await this.line(`${SYSFS_ROOT}/${name}_pool_used`);
    const size = await this.line(`${SYSFS_ROOT}/${name}_pool_size`);
    return used === undefined || size === undefined ? undefined : { usedPages: Number(used), sizePages: Number(size) };
  }

  /** Messages since the call began, oldest first. */
  private async freshKernelLog(): Promise<string[]> {
    try {
      const uptimeSeconds = Number((await this.line('/proc/uptime'))?.split(' ')[0]);
      const elapsedSeconds = Number(process.hrtime.bigint() - this.startedAtNs) / 1e9;
      const since = uptimeSeconds - elapsedSeconds - UPTIME_STEP_SECONDS;
      return (await readKernelLog(this.kernel)).filter(({ seconds }) => seconds >= since).map(({ text }) => text);
    } catch {
      return [];
    }
  }

  /** The newest matching message of those since the call began. */
  async kernelSaid(pattern: RegExp): Promise<RegExpExecArray | undefined> {
    const log = await this.freshKernelLog();
    return (
      log
        .reverse()
        .map((text) => pattern.exec(text))
        .find((match) => match !== null) ?? undefined
    );
  }

  private async line(path: string): Promise<string | undefined> {
    try {
      return await readLine(this.kernel, path);
    } catch {
      return undefined;
    }
  }
}
