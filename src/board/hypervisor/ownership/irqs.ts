import { KernelError } from '../../../errors';
import { IRQCHIP_PINS, irqchipPins } from '../../../abi/jailhouse';
import type { CellConfig } from '../../../abi/jailhouse';
import type { Release } from '../../releases';

const PIN_LIMIT = 1024;
const FIRST_SPI_INTID = 32;

/**
 * INTIDs of the SPIs that a cell owns: those of its irqchips that are this GIC's distributor. Other irqchips do not
 * interest anyone (jailhouse-hypervisor reference 4.1).
 *
 * @throws KernelError EINVAL for a pin_base that is not a multiple of 32, or too high
 */
export function ownedIntids(config: CellConfig, gicdBase: bigint, release: Release, operation: string): number[] {
  const pins = new Map<number, number[]>();
  for (const irqchip of config.irqchips.filter(({ address }) => address === gicdBase)) {
    if (irqchip.pinBase % 32 !== 0 || irqchip.pinBase + IRQCHIP_PINS > PIN_LIMIT) {
      throw new KernelError(operation, 'EINVAL');
    }
    const earlier = release.repeatedPinBase === 'merge' ? (pins.get(irqchip.pinBase) ?? []) : [];
    pins.set(irqchip.pinBase, [...earlier, ...irqchipPins(irqchip)]);
  }
  const intids = new Set([...pins.values()].flat().filter((intid) => intid >= FIRST_SPI_INTID));
  return [...intids].sort((a, b) => a - b);
}
