/** Domctls about vCPUs (xen-abi reference 5). */
import { nested, u32, u64, u8 } from '../../field';
import { StructLayout } from '../../layout';
import { bitmapLayout } from '../bitmap';
import { gap } from '../gap';
import type { Field } from '../../field';
import type { BitmapHandle } from '../bitmap';
import type { DomctlCommand } from './command';

export const AFFINITY_HARD = 1;
export const AFFINITY_SOFT = 2;
/** Pin even where another pin is in force. */
export const AFFINITY_FORCE = 4;

export interface VcpuAffinity {
  readonly vcpu: number;
  readonly flags: number;
  /** Xen writes back what is in effect. */
  readonly hard: BitmapHandle;
  readonly soft: BitmapHandle;
}

const affinity = new StructLayout<VcpuAffinity>('xen_domctl_vcpuaffinity', [
  u32('vcpu'),
  u32('flags'),
  nested('hard', bitmapLayout),
  nested('soft', bitmapLayout),
]);

export const setVcpuAffinity: DomctlCommand<VcpuAffinity> = { name: 'setvcpuaffinity', number: 9, layout: affinity };
export const getVcpuAffinity: DomctlCommand<VcpuAffinity> = { name: 'getvcpuaffinity', number: 25, layout: affinity };

export interface VcpuContextPlace {
  readonly vcpu: number;
  readonly contextAddress: bigint;
}

const contextPlace = new StructLayout<VcpuContextPlace>('xen_domctl_vcpucontext', [
  u32('vcpu'),
  gap(4),
  u64('contextAddress'),
]);

export const setVcpuContext: DomctlCommand<VcpuContextPlace> = {
  name: 'setvcpucontext',
  number: 12,
  layout: contextPlace,
};
export const getVcpuContext: DomctlCommand<VcpuContextPlace> = {
  name: 'getvcpucontext',
  number: 13,
  layout: contextPlace,
};

export interface VcpuInfo {
  readonly vcpu: number;
  readonly online: number;
  readonly blocked: number;
  readonly running: number;
  readonly cpuTimeNs: bigint;
  readonly cpu: number;
}

export const getVcpuInfo: DomctlCommand<VcpuInfo> & { readonly layout: StructLayout<VcpuInfo> } = {
  name: 'getvcpuinfo',
  number: 14,
  layout: new StructLayout('xen_domctl_getvcpuinfo', [
    u32('vcpu'),
    u8('online'),
    u8('blocked'),
    u8('running'),
    gap(1),
    u64('cpuTimeNs'),
    u32('cpu'),
    gap(4),
  ]),
};

export const maxVcpus: DomctlCommand<{ max: number }> = {
  name: 'max_vcpus',
  number: 15,
  layout: new StructLayout('xen_domctl_max_vcpus', [u32('max')]),
};

/** `struct vcpu_guest_context` of a 64-bit guest; the registers of a 32-bit one lie on the same places. */
export interface VcpuContext {
  /** 1: online. */
  readonly flags: number;
  /** x0 to x30. */
  readonly x: readonly bigint[];
  readonly pc: bigint;
  readonly cpsr: bigint;
  readonly spsrEl1?: bigint;
  readonly sctlr: bigint;
}

/** x0 to x30: eight bytes each; those at the end may be left out. */
const registers: Field<'x', readonly bigint[]> = {
  name: 'x',
  sizeBytes: 31 * 8,
  read: (view, offset, into) =>
    (into['x'] = Array.from({ length: 31 }, (_, index) => view.getBigUint64(offset + 8 * index, true))),
  write(view, offset, from) {
    const values = (from['x'] ?? []) as readonly bigint[];
    if (values.length > 31) throw new RangeError(`${values.length} registers, there are 31`);
    values.forEach((value, index) => view.setBigUint64(offset + 8 * index, value, true));
  },
};

/** A register of 32 bits that newer releases have widened; a bigint in both. */
function narrow<N extends string>(name: N): Field<N, bigint> {
  return {
    name,
    sizeBytes: 4,
    read: (view, offset, into) => (into[name] = BigInt(view.getUint32(offset, true))),
    write(view, offset, from) {
      const value = (from[name] ?? 0n) as bigint;
      if (value < 0n || value > 0xffff_ffffn) throw new RangeError(`${name} has 32 bits`);
      view.setUint32(offset, Number(value), true);
    },
  };
}

/** The status registers of a 32-bit guest, and stack pointers of EL0 and EL1: zero at the start. */
const banked = gap(4 * 4 + 3 * 8);
/** ttbcr, ttbr0, ttbr1. */
const translation = gap(3 * 8);

export const vcpuContext411 = new StructLayout<VcpuContext>('vcpu_guest_context', [
  u32('flags'),
  gap(4),
  registers,
  u64('pc'),
  narrow('cpsr'),
  narrow('spsrEl1'),
  banked,
  narrow('sctlr'),
  gap(4),
  translation,
]);

export const vcpuContext416 = new StructLayout<VcpuContext>('vcpu_guest_context', [
  u32('flags'),
  gap(4),
  registers,
  u64('pc'),
  u64('cpsr'),
  u64('spsrEl1'),
  banked,
  u64('sctlr'),
  translation,
]);
