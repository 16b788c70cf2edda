import { cells } from './cells';
import type { DeviceTreeNode } from '../../../fdt';
import type { GuestTreeRequest } from './request';

/** Of the interrupt controller; the highest numbers are Xen's own (xen-abi reference 10). */
export const GIC_PHANDLE = 0xfde8;

/** All CPUs of the GICv2's eight. */
const ALL_CPUS = 0xf00;
const LEVEL_HIGH = 4;
const LEVEL_LOW = 8;

/** The three cells of a private peripheral interrupt; Xen's are active low. */
export function ppi(intid: number): [number, number, number] {
  return [1, intid - 16, ALL_CPUS | LEVEL_LOW];
}

/** The three cells of a shared peripheral interrupt, active high. */
export function spi(intid: number): [number, number, number] {
  return [0, intid - 32, ALL_CPUS | LEVEL_HIGH];
}

export function addInterruptController(root: DeviceTreeNode, { map, gicVersion }: GuestTreeRequest): void {
  const { gicV2, gicV3 } = map;
  const [compatible, first, second] =
    gicVersion === 'v3'
      ? (['arm,gic-v3', gicV3.distributor, gicV3.redistributors] as const)
      : ([['arm,cortex-a15-gic', 'arm,cortex-a9-gic'], gicV2.distributor, gicV2.cpuInterface] as const);
  root
    .add(`interrupt-controller@${first.base.toString(16)}`)
    .set('compatible', compatible)
    .set('#interrupt-cells', 3)
    .set('#address-cells', 0)
    .set('interrupt-controller', true)
    .set('reg', cells(first.base, first.maxBytes, second.base, second.maxBytes))
    .set('linux,phandle', GIC_PHANDLE)
    .set('phandle', GIC_PHANDLE);
}
