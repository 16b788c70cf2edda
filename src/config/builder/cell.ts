import {
  CELL_FLAG_PASSIVE_COMMREG,
  CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE,
  CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED,
  CELL_NAME_MAX,
  cpuSetOf,
  irqchipPins,
  PCI_TYPE_IVSHMEM,
} from '../../abi/jailhouse';
import { encodeText } from '../../abi/text';
import { spi } from './interrupt';
import { deviceName } from './ivshmem';
import { written, writtenLike } from './origin';
import { bad, u64 } from './value';
import type { Architecture, CellConfig, Console, Irqchip, MemoryRegion, PciDevice, SmmuSid } from '../../abi/jailhouse';
import type { Spi } from './interrupt';
import type { DeviceSpec } from './ivshmem';
import type { Quantity } from './value';

/** What root and other cells have in common. */
export interface CommonCellOptions {
  /** At most 31 bytes; no two cells of a system have the same. */
  readonly name: string;
  /** Numbers of the cell's CPUs, as Linux counts them. */
  readonly cpus: readonly number[];
  readonly memory: readonly MemoryRegion[];
  /** From {@link irqchips} or {@link firstSpis}. */
  readonly irqchips?: readonly Irqchip[];
  /** The first of the four interrupts that virtual PCI devices raise in this cell. */
  readonly vpciIrqBase?: Spi;
  readonly pciDevices?: readonly DeviceSpec[];
  /** NXP 9 and 10: streams of the SMMU that the cell's devices use. */
  readonly smmuSids?: readonly SmmuSid[];
}

export interface CellOptions extends CommonCellOptions {
  /** Default arm64. */
  readonly architecture?: Architecture;
  /** Whether the inmate is shut down without being asked. Default true: most inmates do not listen. */
  readonly passive?: boolean;
  /** The UART that the inmate is told to use. */
  readonly console?: Console;
  /** Whether the inmate may print to, or is told to print to, the hypervisor's own console. Default: neither. */
  readonly virtualConsole?: 'permitted' | 'active';
  /** Guest address where the first CPU starts; default 0. */
  readonly entry?: Quantity;
  /** How often the hypervisor looks for an answer of the inmate before it gives up; default 0, forever. */
  readonly msgReplyTimeout?: Quantity;
  /** What NXP's v0.10 tells its inmates about their ivshmem device. */
  readonly nxpIvshmem?: {
    readonly pciConfig: { readonly base: Quantity; readonly size: Quantity };
    readonly irq: Spi;
  };
}

/**
 * Config of a cell.
 *
 * @throws ConfigError for what cannot be a config
 */
export function cell(options: CellOptions): CellConfig {
  const { architecture = 'arm64', passive = true, console, virtualConsole, nxpIvshmem } = options;
  return written({
    architecture,
    ...commonCell(options),
    flags: (passive ? CELL_FLAG_PASSIVE_COMMREG : 0) + virtualConsoleFlags(virtualConsole),
    cpuResetAddress: u64(options.entry ?? 0, 'entry'),
    msgReplyTimeout: u64(options.msgReplyTimeout ?? 0, 'msgReplyTimeout'),
    ...(console && { console }),
    ...(nxpIvshmem && {
      pciCfgBase: u64(nxpIvshmem.pciConfig.base, 'nxpIvshmem.pciConfig.base'),
      pciCfgSize: u64(nxpIvshmem.pciConfig.size, 'nxpIvshmem.pciConfig.size'),
      ivshmemIrq: nxpIvshmem.irq.intid,
    }),
  });
}

/** The parts that root and other cells share. */
export function commonCell(options: CommonCellOptions): CellConfig {
  const { name, cpus, memory, vpciIrqBase, smmuSids } = options;
  const irqchips = options.irqchips ?? [];
  if (encodeText(name).length > CELL_NAME_MAX) {
    throw bad('name', `${JSON.stringify(name)} has more than ${CELL_NAME_MAX} bytes`);
  }
  if (cpus.length === 0) {
    throw bad('cpus', 'a cell needs a CPU');
  }
  const pciDevices = (options.pciDevices ?? []).map((spec) => writtenLike(spec, spec.place(memory)));
  requireInterrupts(pciDevices, irqchips, vpciIrqBase);
  return {
    name,
    id: 0,
    flags: 0,
    vpciIrqBase: vpciIrqBase?.spi ?? 0,
    cpuResetAddress: 0n,
    msgReplyTimeout: 0n,
    cpuSet: cpuSet(cpus),
    memoryRegions: memory,
    cacheRegions: [],
    irqchips,
    pciDevices,
    pciCapabilities: [],
    ...(smmuSids && { smmuSids }),
  };
}

function cpuSet(cpus: readonly number[]): Uint8Array {
  try {
    return cpuSetOf(cpus);
  } catch {
    throw bad('cpus', `[${cpus.join(', ')}]: CPU numbers are 0 to 63`);
  }
}

function virtualConsoleFlags(virtualConsole: CellOptions['virtualConsole']): number {
  switch (virtualConsole) {
    case undefined:
      return 0;
    case 'permitted':
      return CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED;
    case 'active':
      return CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED + CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE;
  }
}

/**
 * A device in INTx mode interrupts the cell at SPI vpciIrqBase + device number % 4 (jailhouse-hypervisor reference 10.4).
 * The hypervisor drops interrupts that the cell does not own, and nothing tells why the other end is never heard.
 */
function requireInterrupts(devices: readonly PciDevice[], irqchips: readonly Irqchip[], base: Spi | undefined): void {
  const owned = irqchips.flatMap(irqchipPins);
  for (const device of devices) {
    if (device.type !== PCI_TYPE_IVSHMEM || device.numMsixVectors > 0) {
      continue;
    }
    if (!base) {
      throw bad(deviceName(device), 'the cell needs a vpciIrqBase to be interrupted by it');
    }
    const irq = spi(base.spi + ((device.bdf >> 3) & 3));
    if (!owned.includes(irq.intid)) {
      throw bad(deviceName(device), `it interrupts the cell with SPI ${irq.spi}, which its irqchips do not hold`);
    }
  }
}
