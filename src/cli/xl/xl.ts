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
  private opened: { readonly kernel: Kernel; readonly host: XenHost } | undefined;

  constructor(
    readonly io: CommandIo,
    readonly options: GlobalOptions,
  ) {}

  async host(): Promise<XenHost> {
    return (await this.open()).host;
  }

  async kernel(): Promise<Kernel> {
    return (await this.open()).kernel;
  }

  private async open(): Promise<{ readonly kernel: Kernel; readonly host: XenHost }> {
    if (this.opened === undefined) {
      const [{ XenHost: Host }, kernel] = await Promise.all([
        import('../../xen/host/xen-host'),
        this.io.openKernel(this.io.env),
      ]);
      this.opened = { kernel, host: await Host.open(kernel, { target: this.options.target }) };
    }
    return this.opened;
  }

  async close(): Promise<void> {
    await this.opened?.host.close();
    await this.opened?.kernel.close();
  }
}

/** What a sub-command needs that lives from xenstore alone: it connects by itself, and makes no hypercall. */
export type XlRun = Pick<Xl, 'io' | 'options'>;

/** A sub-command; the exit code is its result. */
export type SubCommand = (args: readonly string[], xl: Xl) => Promise<number>;
