import { parseInteger } from './settings';
import { badValue } from './xl-config-error';

/** Pages of device memory that the guest gets; numbers are page numbers of 4 KiB. */
export interface IoMemory {
  readonly firstFrame: bigint;
  readonly frameCount: bigint;
  /** Where the guest sees them; absent: at the same address. */
  readonly firstGuestFrame?: bigint | undefined;
}

const IOMEM = /^\s*(?:0x)?([0-9a-f]{1,13})\s*,\s*(?:0x)?([0-9a-f]{1,13})\s*(?:@\s*(?:0x)?([0-9a-f]{1,13})\s*)?$/i;

/**
 * An item of `iomem`: `start,count[@guest start]`, hexadecimal with and without 0x, blanks allowed as in NXP's files
 * (xen-abi reference 17, 18).
 */
export function parseIoMemory(text: string, line: number): IoMemory {
  const [matched, first, count, guest] = IOMEM.exec(text) ?? [];
  if (matched === undefined || /^0*$/.test(count ?? '')) {
    const hint = 'an item is START,COUNT or START,COUNT@GUEST-START: page numbers of 4 KiB pages, hexadecimal';
    throw badValue(`xl: Invalid argument parsing iomem: ${text}`, 'iomem', line, hint);
  }
  return {
    firstFrame: BigInt(`0x${first}`),
    frameCount: BigInt(`0x${count}`),
    firstGuestFrame: guest === undefined ? undefined : BigInt(`0x${guest}`),
  };
}

/** The highest INTID of a shared peripheral interrupt (Arm GIC architecture, IHI 0069, 2.2.1). */
const MAX_SPI_INTID = 1019;
const FIRST_SPI_INTID = 32;

/** An item of `irqs`: an INTID. */
export function parseInterrupt(text: string, line: number): number {
  const intid = parseInteger(text);
  if (intid === undefined) throw badValue(`xl: Invalid argument parsing irq: ${text}`, 'irqs', line);
  if (intid < 0 || intid > 0xffff_ffff) {
    throw badValue(`xl: irq ${BigInt.asUintN(64, BigInt(intid)).toString(16)} too big`, 'irqs', line);
  }
  if (intid < FIRST_SPI_INTID || intid > MAX_SPI_INTID) {
    const hint = `shared peripheral interrupts have the INTIDs ${FIRST_SPI_INTID} to ${MAX_SPI_INTID}: 32 more than a device tree says`;
    throw badValue(`xl: irq ${intid} is no shared peripheral interrupt`, 'irqs', line, hint);
  }
  return intid;
}
