import type { Bdf } from '../../../abi/pci/bdf';
import type { ConfigSpace } from './config-space';
import type { Bar } from './resources';

/** A device of the virtual PCI host as the kernel found it. */
export interface KernelPciDevice {
  /** `0000:00:00.0` */
  readonly name: string;
  readonly bdf: Bdf;
  readonly config: ConfigSpace;
  readonly vendor: number;
  readonly device: number;
  /** Class, subclass and programming interface: 24 bits. */
  readonly classCode: number;
  readonly bars: readonly Bar[];
  /** INTID of its INTx line; undefined when it has none. */
  readonly intid: number | undefined;
  /** Linux number of the interrupt that the driver requested; 0 before. */
  irq: number;
  /** Name of the driver that claimed it. */
  driver: string | undefined;
}

/** A driver for PCI devices. */
export interface PciDriver {
  readonly name: string;
  /** @returns undefined when the driver is not for this device; else what takes it away from the device again */
  probe(device: KernelPciDevice): (() => void) | undefined;
}
