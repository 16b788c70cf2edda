/** Domctls that give devices to a domain (xen-abi reference 5 and 17). */
import { raw, u16, u32, u64, u8 } from '../../field';
import { StructLayout } from '../../layout';
import { gap } from '../gap';
import type { DomctlCommand } from './command';

export interface IrqPermission {
  /** INTID; up to 255 where the field is a byte. */
  readonly irq: number;
  readonly isAllowed: number;
}

export const IRQ_PERMISSION = 19;
export const irqPermission411 = new StructLayout<IrqPermission>('xen_domctl_irq_permission', [
  u8('irq'),
  u8('isAllowed'),
]);
export const irqPermission416 = new StructLayout<IrqPermission>('xen_domctl_irq_permission', [
  u32('irq'),
  u8('isAllowed'),
  gap(3),
]);

export const DEVICE_TREE_DEVICE = 1;

export interface AssignDevice {
  readonly kind: number;
  readonly flags: number;
  /** Of the path in the host's device tree, without a NUL. */
  readonly pathBytes: number;
  readonly pathAddress: bigint;
}

const assigned = new StructLayout<AssignDevice>('xen_domctl_assign_device', [
  u32('kind'),
  u32('flags'),
  u32('pathBytes'),
  gap(4),
  u64('pathAddress'),
]);

export const assignDevice: DomctlCommand<AssignDevice> = { name: 'assign_device', number: 37, layout: assigned };
export const testAssignDevice: DomctlCommand<AssignDevice> = {
  name: 'test_assign_device',
  number: 45,
  layout: assigned,
};
export const deassignDevice: DomctlCommand<AssignDevice> = { name: 'deassign_device', number: 47, layout: assigned };

export const IRQ_TYPE_SPI = 4;

export interface BindIrq {
  readonly machineIrq: number;
  readonly type: number;
  readonly spi: number;
}

const bound = new StructLayout<BindIrq>('xen_domctl_bind_pt_irq', [
  u32('machineIrq'),
  u32('type'),
  u16('spi'),
  gap(14),
]);

export const bindIrq: DomctlCommand<BindIrq> = { name: 'bind_pt_irq', number: 38, layout: bound };
export const unbindIrq: DomctlCommand<BindIrq> = { name: 'unbind_pt_irq', number: 48, layout: bound };

export interface VuartOperation {
  readonly command: number;
  /** 0: vpl011. */
  readonly type: number;
  readonly frame: bigint;
  readonly consoleDomain: number;
  /** Answer. */
  readonly port: number;
}

export const vuart: DomctlCommand<VuartOperation> & { readonly layout: StructLayout<VuartOperation> } = {
  name: 'vuart_op',
  number: 81,
  layout: new StructLayout('xen_domctl_vuart_op', [
    u32('command'),
    u32('type'),
    u64('frame'),
    u16('consoleDomain'),
    gap(2),
    u32('port'),
  ]),
};

/** NXP's 4.11 and 4.13: the clock device vpl031, before the domain first runs. */
export const nxpVrtc: DomctlCommand<{ command: number; type: number; padding: Uint8Array }> = {
  name: 'vrtc_op',
  number: 82,
  layout: new StructLayout('xen_domctl_vrtc_op', [u32('command'), u32('type'), raw('padding', 2), gap(6)]),
};

/** NXP's 4.11 only: the mediator of Trusty. */
export const nxpTee: DomctlCommand<{ command: number }> = {
  name: 'tee_op',
  number: 83,
  layout: new StructLayout('xen_domctl_tee_op', [u32('command')]),
};
