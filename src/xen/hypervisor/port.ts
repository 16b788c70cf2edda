import { encodeDomctl } from '../../abi/xen/domctl/command';
import { encodeSysctl } from '../../abi/xen/sysctl/command';
import type { Buffers, HypercallArgument } from '../../abi/xen/argument';
import type { XenDialect } from '../../abi/xen/dialects/dialect';
import type { DomctlCommand } from '../../abi/xen/domctl/command';
import type { SysctlCommand } from '../../abi/xen/sysctl/command';
import type { HypercallOptions, Privcmd } from './privcmd';

/** Domctls and sysctls of the release that runs. */
export class HypercallPort {
  constructor(
    readonly privcmd: Privcmd,
    readonly dialect: XenDialect,
  ) {}

  /** @returns the struct as Xen left it. @throws KernelError `E_HYPERCALL`: ESRCH when there is no such domain */
  async domctl<T extends object>(
    command: DomctlCommand<T>,
    domain: number,
    fields: Partial<T> = {},
    buffers: Buffers = {},
    options?: HypercallOptions,
  ): Promise<HypercallArgument> {
    const argument = encodeDomctl(this.dialect, command, domain, fields, buffers);
    await this.privcmd.call('domctl', [argument], `domctl ${command.name} of domain ${domain}`, options);
    return argument;
  }

  async sysctl<T extends object>(
    command: SysctlCommand<T>,
    fields: Partial<T> = {},
    buffers: Buffers = {},
  ): Promise<HypercallArgument> {
    const argument = encodeSysctl(this.dialect.sysctlVersion, command, fields, buffers);
    await this.privcmd.call('sysctl', [argument], `sysctl ${command.name}`);
    return argument;
  }
}
