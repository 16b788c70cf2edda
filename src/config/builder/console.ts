import {
  CON_FLAG_MMIO,
  CON_FLAG_REGDIST_4,
  CON_TYPE_IMX,
  CON_TYPE_IMX_LPUART,
  CON_TYPE_PL011,
} from '../../abi/jailhouse';
import { u64 } from './value';
import type { Console } from '../../abi/jailhouse';
import type { Quantity } from './value';

/** The UART of i.MX 8M boards. */
export function imxUart(address: Quantity): Console {
  return uart(CON_TYPE_IMX, address);
}

/** The UART of i.MX 8QuadMax and 8QuadXPlus boards. */
export function lpuart(address: Quantity): Console {
  return uart(CON_TYPE_IMX_LPUART, address);
}

/** Arm's PrimeCell UART. */
export function pl011(address: Quantity): Console {
  return uart(CON_TYPE_PL011, address);
}

/**
 * NXP's system configs have the type's value ORed into the debug console's flags as well, which means nothing to the
 * hypervisor (jailhouse-abi reference 3.5). Ours do the same, to be NXP's byte for byte.
 */
export function withNxpFlags(console: Console): Console {
  return { ...console, flags: console.flags | (console.type ?? 0) };
}

/** Divider 0: whoever used the UART before has set it up. */
function uart(type: number, address: Quantity): Console {
  return {
    address: u64(address, 'console.address'),
    size: 0,
    type,
    flags: CON_FLAG_MMIO | CON_FLAG_REGDIST_4,
    divider: 0,
    gateNr: 0,
    clockReg: 0n,
  };
}
