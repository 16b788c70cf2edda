import { formatCpuList } from '../../../abi/jailhouse/bitmap';
import { irqchipPins, PCI_TYPE_IVSHMEM } from '../../../abi/jailhouse';
import { formatPciAddress } from '../../../abi/pci/bdf';
import { consoleTypeName, pciTypeName, protocolName } from '../../../config/flag-names';
import { showable } from '../../model/log-buffer';
import { left, plain, right, styled } from '../line';
import type { PciDevice } from '../../../abi/jailhouse';
import type { UioSample } from '../../../watch/snapshot';
import type { KnownConfig } from '../../model/board';
import type { Line } from '../line';

const FIRST_SPI = 32;
/** Lines of the virtual PCI host: INTA to INTD. */
const PCI_LINES = 4;

/** Console, PCI devices and interrupts of a cell. */
export function deviceLines({ cell, dialect, system }: KnownConfig): Line[] {
  const intids = cell.irqchips.flatMap(irqchipPins).sort((a, b) => a - b);
  const { console: uart } = cell;
  const rows: [string, string][] = [];
  if (uart && uart.address !== 0n) {
    const type = uart.type === undefined ? '' : consoleTypeName(uart.type).replace(/^JAILHOUSE_CON_TYPE_/, '');
    rows.push(['console', `${type} at 0x${uart.address.toString(16)}`]);
  }
  if (system) {
    const { physStart, size } = system.hypervisorMemory;
    rows.push(['hypervisor', `0x${physStart.toString(16)}, ${size >> 20n} MiB`]);
  }
  for (const device of cell.pciDevices) rows.push(['PCI', pciInWords(device, dialect)]);
  if (cell.pciDevices.length > 0) {
    const first = cell.vpciIrqBase + FIRST_SPI;
    rows.push(['PCI lines', `INTID ${first}-${first + PCI_LINES - 1}`]);
  }
  rows.push(['interrupts', intids.length === 0 ? 'none' : `INTID ${formatCpuList(intids)}`]);
  return [
    plain(''),
    [styled(` ${left('DEVICES', 70)}`, 'head')],
    ...rows.map(([what, text]) => plain(` ${left(what, 12)} ${text}`)),
  ];
}

/** UIO devices and how many interrupts each had since its driver came, such as doorbells of an ivshmem link. */
export function uioLines(devices: readonly UioSample[]): Line[] {
  if (devices.length === 0) return [];
  return [
    plain(''),
    [styled(` ${left('UIO', 12)} ${left('DRIVER', 24)} ${right('INTERRUPTS', 10)}`, 'head')],
    ...devices.map(({ device, name, interrupts }) =>
      plain(` ${left(device, 12)} ${left(showable(name), 24)} ${right(`${interrupts}`, 10)}`),
    ),
  ];
}

function pciInWords(device: PciDevice, dialect: KnownConfig['dialect']): string {
  const address = formatPciAddress(device.domain, device.bdf);
  if (device.type !== PCI_TYPE_IVSHMEM) {
    return `${address} ${pciTypeName(device.type)
      .replace(/^JAILHOUSE_PCI_TYPE_/, '')
      .toLowerCase()}`;
  }
  const protocol = protocolName(device.shmemProtocol, dialect)
    .replace(/^JAILHOUSE_SHMEM_PROTO_/, '')
    .toLowerCase();
  const peer = device.shmemDevId === undefined ? '' : `, peer ${device.shmemDevId} of ${device.shmemPeers ?? '?'}`;
  return `${address} ivshmem, ${protocol}${peer}`;
}
