import { chooseDialect } from '../targets/choose';
import { Cpupools } from './cpupools';
import { Devices } from './devices';
import { Domains } from './domains';
import { EventChannels } from './event-channels';
import { Grants } from './grants';
import { Host } from './host';
import { Memory } from './memory';
import { HypercallPort } from './port';
import { Privcmd } from './privcmd';
import { Schedulers } from './schedulers';
import { Vcpus } from './vcpus';
import { Version } from './version';
import type { XenDialect } from '../../abi/xen/dialects/dialect';
import type { Kernel } from '../../kernel/kernel';

export interface HypervisorOptions {
  /** A dialect by name; default: found out. Default of that: `CELLVISOR_XEN_TARGET`. */
  readonly target?: string | undefined;
}

/**
 * The hypervisor, one hypercall a method: what libxenctrl is to C. Nothing here knows of xenstore, files or configurations.
 * Every method throws KernelError `E_HYPERCALL` with Xen's errno.
 */
export class Hypervisor {
  readonly version: Version;
  readonly domains: Domains;
  readonly vcpus: Vcpus;
  readonly memory: Memory;
  readonly devices: Devices;
  readonly eventChannels: EventChannels;
  readonly grants: Grants;
  readonly host: Host;
  readonly cpupools: Cpupools;
  readonly schedulers: Schedulers;

  private constructor(
    private readonly privcmd: Privcmd,
    readonly dialect: XenDialect,
  ) {
    const port = new HypercallPort(privcmd, dialect);
    this.version = new Version(privcmd);
    this.domains = new Domains(port);
    this.vcpus = new Vcpus(port);
    this.memory = new Memory(port);
    this.devices = new Devices(port);
    this.eventChannels = new EventChannels(port);
    this.grants = new Grants(port, this.memory);
    this.host = new Host(port);
    this.cpupools = new Cpupools(port, this.host);
    this.schedulers = new Schedulers(port);
  }

  /**
   * @throws KernelError ENOENT where Xen does not run, EACCES for others than root
   * @throws CellvisorError `E_XEN_VERSION` for a Xen that is not known
   */
  static async open(kernel: Kernel, options: HypervisorOptions = {}): Promise<Hypervisor> {
    const privcmd = await Privcmd.open(kernel);
    try {
      const wanted = options.target ?? (process.env['CELLVISOR_XEN_TARGET'] || undefined);
      const version = await new Version(privcmd).number();
      return new Hypervisor(privcmd, await chooseDialect(privcmd, version, wanted));
    } catch (error) {
      await privcmd.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.privcmd.close();
  }
}
