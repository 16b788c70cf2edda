import { BuildError } from '../build-error';
import { cells } from './cells';
import { spi } from './interrupts';
import type { GuestMemoryMap } from '../../../abi/xen/dialects/guest-memory';
import type { DeviceTreeNode } from '../../../fdt';

/** INTIDs that Xen gives to devices that it emulates (xen-abi reference 8). */
export const VUART_SPI = 32;
export const VRTC_SPI = 33;
/** Of the clock that the emulated PL031 says it runs on. */
const CLOCK_PHANDLE = 64999;
const CLOCK_HZ = 24_000_000;
const BAUD_RATE = 115_200;

/** Server Base System Architecture's UART, as Xen emulates it. */
export function addVuart(root: DeviceTreeNode, { vuart }: GuestMemoryMap): void {
  root
    .add('sbsa-pl011')
    .set('compatible', 'arm,sbsa-uart')
    .set('reg', cells(vuart.base, vuart.maxBytes))
    .set('interrupts', spi(VUART_SPI))
    .set('current-speed', BAUD_RATE);
}

export function addOptee(root: DeviceTreeNode): void {
  root.add('firmware').add('optee').set('compatible', 'linaro,optee-tz').set('method', 'hvc');
}

/** NXP's: a PL031 and its clock (xen-abi reference 18; devicetree bindings of arm,pl031 and fixed-clock). */
export function addVrtc(root: DeviceTreeNode, { vrtc }: GuestMemoryMap): void {
  if (!vrtc) throw new BuildError('E_XEN_CONFIG', "vrtc: this Xen emulates no clock; NXP's does");
  root
    .add('apb-pclk')
    .set('compatible', 'fixed-clock')
    .set('#clock-cells', 0)
    .set('clock-frequency', CLOCK_HZ)
    .set('clock-output-names', 'clk24mhz')
    .set('phandle', CLOCK_PHANDLE);
  root
    .add('rtc-pl031')
    .set('compatible', ['arm,pl031', 'arm,primecell'])
    .set('reg', cells(vrtc.base, vrtc.maxBytes))
    .set('interrupts', spi(VRTC_SPI))
    .set('clocks', CLOCK_PHANDLE)
    .set('clock-names', 'apb_pclk');
}
