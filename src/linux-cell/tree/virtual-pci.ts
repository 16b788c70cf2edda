import { toCells } from '../../fdt';
import { EDGE_RISING, GIC_PHANDLE, SPI } from './gic';
import type { CellConfig, SystemConfig } from '../../abi/jailhouse';
import type { DeviceTreeNode } from '../../fdt';

const CONFIG_BYTES = 0x10_0000n;
/** For each device, behind the config space, as the driver gives them to the root cell. */
const WINDOW_BYTES_PER_DEVICE = 0x2000n;
const NON_PREFETCHABLE_32 = 0x0200_0000;
/** Of a config that leaves the domain to Linux. */
const ANY_DOMAIN = 0xffff;
const PINS = [1, 2, 3, 4];
/** The pin alone tells the interrupt: not the device. */
const PIN_MASK = [0, 0, 0, 7];

/**
 * The host bridge that the hypervisor emulates, as the driver describes it to the root cell (jailhouse-hypervisor reference
 * 10.5), with the cell's own interrupts.
 *
 * @returns what to say when it cannot be described
 */
export function addVirtualPci(
  root: DeviceTreeNode,
  cell: CellConfig,
  system: SystemConfig | undefined,
): string | undefined {
  const base = system?.pciMmconfigBase;
  if (!base) {
    return 'what Jailhouse was enabled with is not known: the tree has no virtual PCI host, and Linux will not see ivshmem devices';
  }
  const window = base + CONFIG_BYTES;
  const windowBytes = WINDOW_BYTES_PER_DEVICE * BigInt(cell.pciDevices.length);
  const pci = root
    .add(`pci@${base.toString(16)}`)
    .set('compatible', 'pci-host-ecam-generic')
    .set('device_type', 'pci')
    .set('bus-range', [0, 0])
    .set('#address-cells', 3)
    .set('#size-cells', 2)
    .set('#interrupt-cells', 1)
    .set('reg', [...toCells(base, 2), ...toCells(CONFIG_BYTES, 2)])
    .set('ranges', [NON_PREFETCHABLE_32, ...toCells(window, 2), ...toCells(window, 2), ...toCells(windowBytes, 2)])
    .set('interrupt-map-mask', PIN_MASK)
    .set(
      'interrupt-map',
      PINS.flatMap((pin) => [0, 0, 0, pin, GIC_PHANDLE, SPI, cell.vpciIrqBase + pin - 1, EDGE_RISING]),
    );
  if (system?.pciDomain !== undefined && system.pciDomain !== ANY_DOMAIN) pci.set('linux,pci-domain', system.pciDomain);
  return undefined;
}
