import type { XenHost } from '../../xen/host/xen-host';
import type { Kernel } from '../../kernel/kernel';
import type { CommandIo } from '../command';

/** What stands before the sub-command. */
export interface GlobalOptions {
  /** `-f`: do it although another toolstack may be in charge. */
  readonly isForced: boolean;
  /** `-N`: say what would be done. */
  readonly isDryRun: boolean;
  /** Ours: a dialect of Xen by name. */
  readonly target: string | undefined;
}

/** One run of xl: what its sub-commands share. Connects on first use. */
export class Xl {
  private opened: Promise<Kernel> | undefined;
  private connected: Promise<XenHost> | undefined;

  constructor(
    readonly io: CommandIo,
    readonly options: GlobalOptions,
  ) {}

  kernel(): Promise<Kernel> {
    return (this.opened ??= this.io.openKernel(this.io.env));
  }

  host(): Promise<XenHost> {
    return (this.connected ??= this.connect());
  }

  private async connect(): Promise<XenHost> {
    const { XenHost: Host } = await import('../../xen/host/xen-host');
    return Host.open(await this.kernel(), { target: this.options.target });
  }

  /** What could not be opened has been reported by who asked for it. */
  async close(): Promise<void> {
    await (await this.connected?.catch(() => undefined))?.close();
    await (await this.opened?.catch(() => undefined))?.close();
  }
}

/** What a sub-command needs that lives from xenstore alone: it connects by itself, and makes no hypercall. */
export type XlRun = Pick<Xl, 'io' | 'options'>;

/** A sub-command; the exit code is its result. */
export type SubCommand = (args: readonly string[], xl: Xl) => Promise<number>;
