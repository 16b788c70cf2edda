import { irqchipPins, irqchipsHold } from '../../../abi/jailhouse';
import { formatBdf } from '../../../abi/pci/bdf';
import { at, inSystem, onBoard } from '../finding';
import { intxIntid, ivshmemDevices } from '../links';
import { allCells, looksLikeLinux, rootOf } from '../subject';
import { cellWords, deviceWords, hex, intidWords } from '../words';
import type { Report } from '../finding';
import type { IndexedDevice } from '../links';
import type { CheckedCell, CheckedSystem, Subject } from '../subject';

const MIB = 0x10_0000n;
const SPI_BASE = 32;

/** The virtual PCI host and the devices on it (jailhouse-hypervisor reference 10). */
export function checkVirtualPci(subject: Subject, report: Report): void {
  const { system, hardware } = subject;
  for (const cell of allCells(subject)) {
    const devices = ivshmemDevices(cell.config);
    checkAddresses(cell, devices, report);
    checkInterrupts(cell, devices, report);
    checkTold(cell, devices, system, report);
    if (system && devices.length > 0) {
      checkHost(cell, devices, system, report);
    }
  }
  checkTaken(subject, report);
  for (const cell of hardware?.uarts ? allCells(subject) : []) {
    checkDevices(cell, subject, report);
  }
}

function checkAddresses(cell: CheckedCell, devices: readonly IndexedDevice[], report: Report): void {
  const seen = new Map<number, number>();
  for (const { device, index } of devices) {
    const first = seen.get(device.bdf);
    if (first === undefined) {
      seen.set(device.bdf, index);
    } else {
      report('VPCI-BDF-TWICE', {
        message: `${cellWords(cell)} has two devices at ${formatBdf(device.bdf)}`,
        places: [
          at(cell, `pci_devices[${first}].bdf`, hex(device.bdf)),
          at(cell, `pci_devices[${index}].bdf`, hex(device.bdf)),
        ],
      });
    }
  }
}

function checkInterrupts(cell: CheckedCell, devices: readonly IndexedDevice[], report: Report): void {
  const { irqchips } = cell.config;
  for (const { device, index } of devices.filter(({ device }) => device.numMsixVectors === 0)) {
    const intid = intxIntid(cell.config, device);
    if (irqchipsHold(irqchips, intid)) {
      continue;
    }
    const base = cell.config.vpciIrqBase;
    const offBy32 = irqchipsHold(irqchips, intid - SPI_BASE);
    const places = [at(cell, prefixed(cell, 'vpci_irq_base'), `${base}`), irqchipPlace(cell)];
    if (offBy32) {
      report('IRQ-OFF-BY-32', {
        message: `${deviceWords(device)} interrupts ${cellWords(cell)} with ${intidWords(intid)}; its irqchips hold ${intidWords(intid - SPI_BASE)}`,
        places,
        remedy: `vpci_irq_base = ${base - SPI_BASE} if the SPI is ${base - SPI_BASE}, or name INTID ${intid} in irqchips if it is ${base}`,
      });
    } else {
      report('VPCI-IRQ', {
        message: `${deviceWords(device)} interrupts ${cellWords(cell)} with ${intidWords(intid)}, which its irqchips do not hold`,
        places: [at(cell, `pci_devices[${index}].bdf`, hex(device.bdf)), ...places],
        remedy: `add an irqchip with pin_base = ${intid - (intid % 32)} and pin_bitmap = { ${hex((1 << (intid % 32)) >>> 0)} }`,
      });
    }
  }
}

/** NXP's extra fields, which only the inmate reads (jailhouse-abi reference 3.6). */
function checkTold(
  cell: CheckedCell,
  devices: readonly IndexedDevice[],
  system: CheckedSystem | undefined,
  report: Report,
): void {
  const { pciCfgBase = 0n, pciCfgSize = 0n, ivshmemIrq = 0 } = cell.config;
  const [first] = devices;
  if (!first) {
    return;
  }
  const intid = intxIntid(cell.config, first.device);
  if (ivshmemIrq !== 0 && ivshmemIrq !== intid && first.device.numMsixVectors === 0) {
    const offBy32 = ivshmemIrq + SPI_BASE === intid;
    report(offBy32 ? 'IRQ-OFF-BY-32' : 'VPCI-IRQ-TOLD', {
      message: `${cellWords(cell)} is told interrupt ${ivshmemIrq}, and gets ${intidWords(intid)}`,
      places: [
        at(cell, 'ivshmem_irq', `${ivshmemIrq}`),
        at(cell, prefixed(cell, 'vpci_irq_base'), `${cell.config.vpciIrqBase}`),
      ],
      remedy: `ivshmem_irq = ${intid}`,
    });
  }
  const base = system?.config.pciMmconfigBase ?? 0n;
  const size = BigInt((system?.config.pciMmconfigEndBus ?? 0) + 1) * MIB;
  if (system && pciCfgBase !== 0n && (pciCfgBase !== base || pciCfgSize !== size)) {
    report('VPCI-TOLD', {
      message: `${cellWords(cell)} is told that virtual PCI is at ${hex(pciCfgBase)}, size ${hex(pciCfgSize)}`,
      places: [
        at(cell, 'pci_cfg_base', hex(pciCfgBase)),
        inSystem(system, 'platform_info.pci_mmconfig_base', hex(base)),
      ],
      remedy: `pci_cfg_base = ${hex(base)}, pci_cfg_size = ${hex(size)}`,
      severity: looksLikeLinux(cell.config) ? 'note' : undefined,
    });
  }
}

function checkHost(cell: CheckedCell, devices: readonly IndexedDevice[], system: CheckedSystem, report: Report): void {
  const { pciMmconfigBase, pciMmconfigEndBus, pciDomain } = system.config;
  if (pciMmconfigBase === 0n) {
    report('VPCI-HOST', {
      message: `${cellWords(cell)} has a virtual device, the system has no virtual PCI host`,
      places: [
        at(cell, `pci_devices[${devices[0]?.index}].type`, 'JAILHOUSE_PCI_TYPE_IVSHMEM'),
        inSystem(system, 'platform_info.pci_mmconfig_base', '0x0'),
      ],
    });
    return;
  }
  for (const { device, index } of devices) {
    if (device.bdf >> 8 > pciMmconfigEndBus) {
      report('VPCI-BUS', {
        message: `${deviceWords(device)} of ${cellWords(cell)} is on bus ${device.bdf >> 8}, the host ends with bus ${pciMmconfigEndBus}`,
        places: [
          at(cell, `pci_devices[${index}].bdf`, hex(device.bdf)),
          inSystem(system, 'platform_info.pci_mmconfig_end_bus', `${pciMmconfigEndBus}`),
        ],
        remedy: `pci_devices[${index}].bdf = ${hex(device.bdf & 0xff)}`,
      });
    }
    if (pciDomain !== undefined && device.domain !== pciDomain) {
      report('VPCI-DOMAIN', {
        message: `${deviceWords(device)} of ${cellWords(cell)} is in domain ${device.domain}, the host is ${pciDomain}`,
        places: [
          at(cell, `pci_devices[${index}].domain`, `${device.domain}`),
          inSystem(system, 'platform_info.pci_domain', `${pciDomain}`),
        ],
        remedy: `pci_devices[${index}].domain = ${pciDomain}`,
      });
    }
  }
}

function checkTaken({ system, cells }: Subject, report: Report): void {
  if (!system) {
    return;
  }
  const root = rootOf(system);
  const used = new Map(
    ivshmemDevices(root.config)
      .filter(({ device }) => device.numMsixVectors === 0)
      .map(({ device }) => [intxIntid(root.config, device), device]),
  );
  for (const cell of cells) {
    cell.config.irqchips.forEach((irqchip, index) => {
      for (const pin of irqchipPins(irqchip)) {
        const device = used.get(pin);
        if (device) {
          report('VPCI-IRQ-TAKEN', {
            message: `${cellWords(cell)} takes ${intidWords(pin)}, with which ${deviceWords(device)} interrupts the root cell`,
            places: [
              at(cell, `irqchips[${index}].pin_bitmap`, intidWords(pin)),
              at(root, 'root_cell.vpci_irq_base', `${root.config.vpciIrqBase}`),
            ],
          });
        }
      }
    });
  }
}

function checkDevices(cell: CheckedCell, { hardware }: Subject, report: Report): void {
  for (const { device } of ivshmemDevices(cell.config).filter(({ device }) => device.numMsixVectors === 0)) {
    const intid = intxIntid(cell.config, device);
    const uart = hardware?.uarts?.find((one) => one.intid === intid);
    if (hardware && uart) {
      report('VPCI-IRQ-DEVICE', {
        message: `${deviceWords(device)} of ${cellWords(cell)} has the interrupt of ${uart.name}`,
        places: [
          at(cell, prefixed(cell, 'vpci_irq_base'), `${cell.config.vpciIrqBase}`),
          onBoard(`${uart.name} of ${hardware.name}`, intidWords(intid)),
        ],
      });
    }
  }
}

function irqchipPlace(cell: CheckedCell) {
  const count = cell.config.irqchips.length;
  const pins = cell.config.irqchips.flatMap(irqchipPins);
  const value =
    pins.length === 0 ? 'no interrupts' : `INTIDs ${pins.slice(0, 8).join(', ')}${pins.length > 8 ? ', ...' : ''}`;
  return count === 0 ? at(cell, prefixed(cell, 'num_irqchips'), '0') : at(cell, 'irqchips', value);
}

function prefixed({ isRoot }: CheckedCell, field: string): string {
  return isRoot ? `root_cell.${field}` : field;
}
