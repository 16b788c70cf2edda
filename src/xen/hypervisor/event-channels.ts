import * as abi from '../../abi/xen/evtchn';
import type { HypercallPort } from './port';

/** Event channels of domains, by hypercall. */
export class EventChannels {
  constructor(private readonly port: HypercallPort) {}

  /** Makes a port in `domain` that `remoteDomain` may bind. @returns the port's number in `domain` */
  async allocateUnbound(domain: number, remoteDomain: number): Promise<number> {
    const bytes = abi.allocUnboundLayout.encode({ domain, remoteDomain, port: 0 });
    await this.call(abi.EVTCHNOP_alloc_unbound, bytes, `alloc_unbound in domain ${domain}`);
    return abi.allocUnboundLayout.decode(bytes).port;
  }

  /** Closes all ports of a domain. */
  async reset(domain: number): Promise<void> {
    await this.call(abi.EVTCHNOP_reset, abi.evtchnResetLayout.encode({ domain }), `reset of domain ${domain}`);
  }

  /** @throws KernelError EINVAL for a port that was never there */
  async status(domain: number, port: number): Promise<abi.EvtchnStatus> {
    const bytes = abi.evtchnStatusLayout.encode({ domain, port, status: 0, vcpu: 0 });
    await this.call(abi.EVTCHNOP_status, bytes, `status of port ${port} of domain ${domain}`);
    return abi.evtchnStatusLayout.decode(bytes);
  }

  private async call(command: number, bytes: Uint8Array, what: string): Promise<void> {
    await this.port.privcmd.call('event_channel_op', [command, { bytes }], `event_channel_op ${what}`);
  }
}
