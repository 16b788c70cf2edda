import { formatPciAddress } from '../../../abi/pci/bdf';
import { PCI_TYPE_IVSHMEM } from '../../../abi/jailhouse';
import {
  ConfigSpace,
  PCI_CLASS_REVISION,
  PCI_COMMAND_MASTER,
  PCI_COMMAND_MEMORY,
  PCI_INTERRUPT_PIN,
  PCI_VENDOR_ID,
} from './config-space';
import { sizeBars, Window } from './resources';
import type { SystemConfig } from '../../../abi/jailhouse';
import type { Linux } from '../linux/linux';
import type { KernelPciDevice, PciDriver } from './device';
import type { Bar } from './resources';

/** Bus 0 only: the driver's overlay gives the host no other (jailhouse-hypervisor reference 10.5). */
const DEVICES_PER_BUS = 32;
const ECAM_BYTES = 0x10_0000n;
const WINDOW_BYTES_PER_DEVICE = 0x2000n;
const NO_DEVICE = 0xffff_ffff;
const AUTOMATIC_DOMAIN = 0xffff;
const FIRST_SPI_INTID = 32;

/**
 * The PCI host that the root cell gets with an enabled hypervisor. Linux finds the devices behind it as it would on any
 * host: it probes config space, sizes and assigns BARs, and lets drivers claim what they know.
 */
export class VirtualPciHost {
  readonly devices: KernelPciDevice[] = [];
  private readonly undo: (() => void)[] = [];

  constructor(
    private readonly linux: Linux,
    private readonly system: SystemConfig,
    drivers: readonly PciDriver[],
  ) {
    const count = system.rootCell.pciDevices.filter(({ type }) => type === PCI_TYPE_IVSHMEM).length;
    const windowStart = system.pciMmconfigBase + ECAM_BYTES;
    const windowEnd = windowStart + WINDOW_BYTES_PER_DEVICE * BigInt(count);
    this.announce(windowStart, windowEnd);
    try {
      this.addDevices(new Window(windowStart, windowEnd), drivers);
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  /** Takes drivers and devices away, as on disable. */
  remove(): void {
    for (const step of this.undo.splice(0).reverse()) {
      step();
    }
    this.devices.length = 0;
  }

  private addDevices(window: Window, drivers: readonly PciDriver[]): void {
    for (const found of this.scan()) {
      const device = this.assign(found, window);
      this.devices.push(device);
      for (const driver of drivers.filter(() => device.driver === undefined)) {
        this.bind(driver, device);
      }
    }
  }

  private announce(windowStart: bigint, windowEnd: bigint): void {
    const base = this.system.pciMmconfigBase.toString(16);
    const ecamEnd = (this.system.pciMmconfigBase + ECAM_BYTES - 1n).toString(16);
    this.print(`pci-host-generic ${base}.pci: ECAM at [mem 0x${base}-0x${ecamEnd}] for [bus 00]`);
    this.print(`pci-host-generic ${base}.pci: PCI host bridge to bus ${this.domainName}:00`);
    this.print(`pci_bus ${this.domainName}:00: root bus resource [bus 00]`);
    this.print(
      `pci_bus ${this.domainName}:00: root bus resource ` +
        `[mem 0x${windowStart.toString(16)}-0x${(windowEnd - 1n).toString(16)}]`,
    );
  }

  private get domainName(): string {
    return this.domain.toString(16).padStart(4, '0');
  }

  private get domain(): number {
    const { pciDomain } = this.system;
    return pciDomain === undefined || pciDomain === AUTOMATIC_DOMAIN ? 0 : pciDomain;
  }

  private scan(): KernelPciDevice[] {
    const found: KernelPciDevice[] = [];
    for (let slot = 0; slot < DEVICES_PER_BUS; slot++) {
      const bdf = slot << 3;
      const { machine, cpus } = this.linux;
      const config = new ConfigSpace(machine, () => cpus.current, this.system.pciMmconfigBase, bdf);
      const ids = config.read32(PCI_VENDOR_ID);
      if (ids !== NO_DEVICE) {
        found.push(this.describe(config, bdf, ids));
      }
    }
    return found;
  }

  private describe(config: ConfigSpace, bdf: number, ids: number): KernelPciDevice {
    const name = formatPciAddress(this.domain, bdf);
    const classCode = config.read32(PCI_CLASS_REVISION) >>> 8;
    const vendor = ids & 0xffff;
    const device = ids >>> 16;
    this.print(`pci ${name}: [${hex4(vendor)}:${hex4(device)}] type 00 class 0x${classCode.toString(16)}`);
    const bars = sizeBars(config);
    for (const bar of bars) {
      const register = (0x10 + 4 * bar.index).toString(16);
      this.print(`pci ${name}: reg 0x${register}: [mem ${range(bar)}]`);
    }
    const pin = config.read8(PCI_INTERRUPT_PIN);
    const intid = pin === 0 ? undefined : FIRST_SPI_INTID + this.system.rootCell.vpciIrqBase + pin - 1;
    return { name, bdf, config, vendor, device, classCode, bars, intid, irq: 0, driver: undefined };
  }

  private assign(device: KernelPciDevice, window: Window): KernelPciDevice {
    const bars = device.bars.map((bar) => {
      const assigned = window.assign(device.config, bar);
      if (assigned) {
        this.print(`pci ${device.name}: BAR ${bar.index}: assigned [mem ${range(assigned)}]`);
        const resource = { name: device.name, physStart: assigned.address, sizeBytes: assigned.sizeBytes };
        this.undo.push(this.linux.memoryMap.claim(resource));
        return assigned;
      }
      const size = `size 0x${bar.sizeBytes.toString(16).padStart(8, '0')}`;
      this.print(`pci ${device.name}: BAR ${bar.index}: failed to assign [mem ${size}]`);
      return bar;
    });
    return { ...device, bars };
  }

  private bind(driver: PciDriver, device: KernelPciDevice): void {
    const unbind = driver.probe(device);
    if (unbind) {
      device.driver = driver.name;
      this.undo.push(() => {
        unbind();
        device.config.command({ clear: PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY });
        device.driver = undefined;
      });
    }
  }

  private print(text: string): void {
    this.linux.log.print(text);
  }
}

function range({ address, sizeBytes, is64Bit }: Bar): string {
  const hex = (value: bigint) => `0x${value.toString(16).padStart(8, '0')}`;
  return `${hex(address)}-${hex(address + sizeBytes - 1n)}${is64Bit ? ' 64bit' : ''}`;
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}
