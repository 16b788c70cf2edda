import { cpuRegions, toCells } from '../../fdt';
import type { DeviceTreeNode } from '../../fdt';
import type { Gic } from '../../config/create/gic';

/** Of the made tree's interrupt controller. */
export const GIC_PHANDLE = 1;
export const SPI = 0;
export const LEVEL_HIGH = 4;
export const EDGE_RISING = 1;

/** What tells where the redistributors are, beside their addresses (the kernel's binding arm,gic-v3). */
const LAYOUT = ['redistributor-stride', '#redistributor-regions'];

/** The board's GIC with the registers that a cell sees: the hypervisor shows it its own version of them. */
export function addGic(root: DeviceTreeNode, { node }: Gic): void {
  const regions = cpuRegions(node);
  const gic = root
    .add(`interrupt-controller@${(regions[0]?.address ?? 0n).toString(16)}`)
    .set('compatible', node.strings('compatible') ?? [])
    .set('#interrupt-cells', 3)
    .set('#address-cells', 0)
    .set('interrupt-controller', true)
    .set(
      'reg',
      regions.flatMap(({ address, sizeBytes }) => [...toCells(address, 2), ...toCells(sizeBytes, 2)]),
    )
    .set('phandle', GIC_PHANDLE);
  for (const name of LAYOUT) {
    const property = node.property(name);
    if (property) gic.set(name, property.value);
  }
}
