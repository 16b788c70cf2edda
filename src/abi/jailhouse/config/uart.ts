import { u16, u32, u64 } from '../../field';
import { StructLayout } from '../../layout';
import { perDialect } from '../dialect';

/**
 * `struct jailhouse_console`, and `struct jailhouse_debug_console` of revisions 8 and 9: a UART (jailhouse-abi
 * reference 3.5).
 */
export interface Console {
  readonly address: bigint;
  /** In bytes; needed only for the hypervisor's own mapping. */
  readonly size: number;
  /** Revision 10 and later: one of the CON_TYPE_* values. Earlier revisions keep the type in `flags`. */
  readonly type?: number;
  /** Revision 10 and later: CON_FLAG_*; earlier: CON_V9_*. */
  readonly flags: number;
  /** 0: the UART is already initialised, by Linux or by firmware. */
  readonly divider: number;
  readonly gateNr: number;
  readonly clockReg: bigint;
}

export const CON_TYPE_NONE = 0;
export const CON_TYPE_EFIFB = 1;
export const CON_TYPE_8250 = 2;
export const CON_TYPE_PL011 = 3;
export const CON_TYPE_XUARTPS = 4;
export const CON_TYPE_MVEBU = 5;
export const CON_TYPE_HSCIF = 6;
export const CON_TYPE_SCIFA = 7;
export const CON_TYPE_IMX = 8;
/** NXP's releases and upstream's master. */
export const CON_TYPE_IMX_LPUART = 9;
export const CON_TYPE_SCIF = 10;

/** Clear: port I/O. */
export const CON_FLAG_MMIO = 0x0001;
/** Registers 4 bytes apart, accessed with 32 bits. Clear: 1 byte apart, 8 bits. */
export const CON_FLAG_REGDIST_4 = 0x0002;
/** EFIFB of 1920x1080 instead of 1024x768. */
export const CON_FLAG_FB_1920X1080 = 0x0004;
/** The clock gate is opened by clearing its bit. */
export const CON_FLAG_INVERTED_GATE = 0x1000;
/** v0.12 and later. */
export const CON_FLAG_MDR_QUIRK = 0x2000;

/** Revisions 8 and 9: bits 0 to 3 of the flags hold the type. */
export const CON_V9_TYPE_MASK = 0x000f;
export const CON_V9_MMIO = 0x0010;
export const CON_V9_REGDIST_4 = 0x0020;
/** Second console: root may read the virtual console page. */
export const CON_V9_ROOTPAGE = 0x0100;

export const consoleLayout = perDialect(({ revision }) =>
  revision >= 10
    ? new StructLayout<Console>('jailhouse_console', [
        u64('address'),
        u32('size'),
        u16('type'),
        u16('flags'),
        u32('divider'),
        u32('gateNr'),
        u64('clockReg'),
      ])
    : new StructLayout<Console>('jailhouse_debug_console', [
        u64('address'),
        u32('size'),
        u32('flags'),
        u32('divider'),
        u32('gateNr'),
        u64('clockReg'),
      ]),
);
