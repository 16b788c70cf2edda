/** Event channels: requests of /dev/xen/evtchn, and the hypercall's structs (xen-abi reference 1 and 7). */
import { u16, u32 } from '../field';
import { StructLayout } from '../layout';
import { gap } from './gap';

export const EVTCHN_PATH = '/dev/xen/evtchn';

export const EVTCHN_BIND_VIRQ = 0x4_4500;
export const EVTCHN_UNBIND = 0x4_4503;

/** Xen's console ring has new text. */
export const VIRQ_CONSOLE_RING = 8;

/** Argument of BIND_VIRQ (virq) and UNBIND (port). */
export const evtchnWordLayout = new StructLayout<{ value: number }>('ioctl_evtchn', [u32('value')]);

export const EVTCHNOP_status = 5;
export const EVTCHNOP_alloc_unbound = 6;
export const EVTCHNOP_reset = 10;

export interface AllocUnbound {
  readonly domain: number;
  readonly remoteDomain: number;
  /** Answer. */
  readonly port: number;
}

export const allocUnboundLayout = new StructLayout<AllocUnbound>('evtchn_alloc_unbound', [
  u16('domain'),
  u16('remoteDomain'),
  u32('port'),
]);

export const evtchnResetLayout = new StructLayout<{ domain: number }>('evtchn_reset', [u16('domain')]);

export interface EvtchnStatus {
  readonly domain: number;
  readonly port: number;
  /** Answer: 0 closed, 1 unbound, 2 interdomain, 3 PIRQ, 4 VIRQ, 5 IPI. */
  readonly status: number;
  readonly vcpu: number;
}

export const evtchnStatusLayout = new StructLayout<EvtchnStatus>('evtchn_status', [
  u16('domain'),
  gap(2),
  u32('port'),
  u32('status'),
  u32('vcpu'),
  gap(8),
]);
