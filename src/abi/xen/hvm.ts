/** Hypercall hvm_op: parameters of a domain (xen-abi reference 7). */
import { u16, u32, u64 } from '../field';
import { StructLayout } from '../layout';
import { gap } from './gap';

export const HVMOP_set_param = 0;
export const HVMOP_get_param = 1;

export const HVM_PARAM = {
  callbackIrq: 0,
  storeFrame: 1,
  storePort: 2,
  consoleFrame: 17,
  consolePort: 18,
  pagingRingFrame: 27,
  monitorRingFrame: 28,
  sharingRingFrame: 29,
} as const;

export type HvmParam = keyof typeof HVM_PARAM;

/** Value of `callbackIrq`: PPI 31, level, active low. */
export const CALLBACK_IRQ_PPI = 0x0200_0000_0000_021fn;

export interface HvmParamStruct {
  readonly domain: number;
  readonly index: number;
  readonly value: bigint;
}

export const hvmParamLayout = new StructLayout<HvmParamStruct>('xen_hvm_param', [
  u16('domain'),
  gap(2),
  u32('index'),
  u64('value'),
]);
