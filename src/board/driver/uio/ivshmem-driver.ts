import type { Linux } from '../linux/linux';
import { PCI_COMMAND_MASTER, PCI_COMMAND_MEMORY } from '../pci/config-space';
import type { KernelPciDevice } from '../pci/device';
import type { UioCore, UioDescription } from './uio-device';

export const DRIVER_NAME = 'uio_ivshmem';
export const DRIVER_VERSION = '0.0.1';

/** Class code of ivshmem devices without a protocol of their own, and of those that carry Ethernet. */
export const CLASS_UNDEFINED = 0xff_0000;

/** What all versions of uio_ivshmem log when a device cannot be used; its errno is ENODEV. */
const PROBE_FAILED = 'failed with error -19';

/** The part of uio_ivshmem that is the same for both versions of the device. */
export class IvshmemProbe {
  constructor(
    readonly linux: Linux,
    private readonly core: UioCore,
  ) {}

  /** Switches the device on: memory decode and bus mastering. */
  enable({ name, config }: KernelPciDevice): void {
    this.linux.log.print(`${DRIVER_NAME} ${name}: enabling device (0000 -> 0002)`);
    config.command({ set: PCI_COMMAND_MEMORY });
    config.command({ set: PCI_COMMAND_MASTER });
  }

  /** Logs that the device cannot be used. */
  fail({ name, config }: KernelPciDevice): undefined {
    config.command({ clear: PCI_COMMAND_MASTER | PCI_COMMAND_MEMORY });
    this.linux.log.print(`${DRIVER_NAME}: probe of ${name} ${PROBE_FAILED}`, 'warning');
    return undefined;
  }

  /** Registers the UIO device with its interrupt. @returns what undoes it */
  register(device: KernelPciDevice, intid: number, description: Pick<UioDescription, 'maps'>): () => void {
    const uio = this.core.register({
      name: DRIVER_NAME,
      version: DRIVER_VERSION,
      parent: device,
      ...description,
    });
    const { irq, free } = this.linux.interrupts.request(intid, DRIVER_NAME, (count) => uio.interrupt(count));
    device.irq = irq;
    return () => {
      free();
      device.irq = 0;
      this.core.unregister(uio);
    };
  }
}
