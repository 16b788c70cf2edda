import { Notifier } from '../../notifier';
import type { KernelPciDevice } from '../pci/device';

/** A map of a UIO device. */
export interface UioMap {
  readonly name: string;
  readonly kind: 'registers' | 'memory';
  /** Guest-physical address of the root cell, which is the physical one. */
  readonly address: bigint;
  readonly sizeBytes: bigint;
}

export interface UioDescription {
  readonly name: string;
  readonly version: string;
  readonly maps: readonly UioMap[];
  readonly parent: KernelPciDevice;
}

/** A device of the UIO core (jailhouse-tools reference 13.2): counts its interrupts and lets readers wait for them. */
export class UioDevice {
  /** Notified on each interrupt, and when the device goes away. */
  readonly changed = new Notifier();
  private events = 0;
  private removed = false;

  constructor(
    readonly minor: number,
    readonly description: UioDescription,
  ) {}

  get eventCount(): number {
    return this.events;
  }

  get isRemoved(): boolean {
    return this.removed;
  }

  interrupt(count: number): void {
    this.events = (this.events + count) >>> 0;
    this.changed.notify();
  }

  remove(): void {
    this.removed = true;
    this.changed.notify();
  }
}

/** All UIO devices of the board; the minor number is that of /dev/uioN. */
export class UioCore {
  readonly devices: UioDevice[] = [];

  /** @returns the new device, with the lowest number that is free */
  register(description: UioDescription): UioDevice {
    let minor = 0;
    while (this.devices.some((one) => one.minor === minor)) {
      minor++;
    }
    const device = new UioDevice(minor, description);
    this.devices.push(device);
    return device;
  }

  unregister(device: UioDevice): void {
    this.devices.splice(this.devices.indexOf(device), 1);
    device.remove();
  }
}
