import { inSystem } from '../finding';
import { hex } from '../words';
import type { Report } from '../finding';
import type { Subject } from '../subject';
import type { ArmPlatform } from '../../../abi/jailhouse';

const PAGE_MASK = 0xfffn;
const FIRST_PPI = 16;
const LAST_PPI = 31;

/** What a system says of its interrupt controller (jailhouse-abi reference 5.4). */
export function checkGic({ system }: Subject, report: Report): void {
  const arm = system?.config.arm;
  if (!system || !arm) {
    return;
  }
  const place = (field: string, value: string) => inSystem(system, `platform_info.arm.${field}`, value);
  if (arm.gicVersion !== 2 && arm.gicVersion !== 3) {
    report('GIC-VERSION', {
      message: `gic_version is ${arm.gicVersion}`,
      places: [place('gic_version', `${arm.gicVersion}`)],
    });
    return;
  }
  for (const field of addressFields(arm)) {
    const address = arm[`${field}Base`];
    if (address === 0n || (address & PAGE_MASK) !== 0n) {
      report('GIC-ADDRESS', {
        message: `${field}_base is ${address === 0n ? 'missing' : 'not on a page'}`,
        places: [place(`${field}_base`, hex(address)), place('gic_version', `${arm.gicVersion}`)],
      });
    }
  }
  const { maintenanceIrq } = arm;
  if (maintenanceIrq < FIRST_PPI || maintenanceIrq > LAST_PPI) {
    report('GIC-MAINTENANCE', {
      message: `maintenance_irq is ${maintenanceIrq}, not an INTID of a private interrupt (16 to 31)`,
      places: [place('maintenance_irq', `${maintenanceIrq}`)],
      remedy: maintenanceIrq < FIRST_PPI ? `maintenance_irq = ${maintenanceIrq + FIRST_PPI}` : undefined,
    });
  }
}

function addressFields({ gicVersion }: ArmPlatform) {
  return gicVersion === 2 ? (['gicd', 'gicc', 'gich', 'gicv'] as const) : (['gicd', 'gicr'] as const);
}
