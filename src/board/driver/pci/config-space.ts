import type { Machine } from '../../machine';
import type { Bdf } from '../../../abi/pci/bdf';

export const PCI_VENDOR_ID = 0x00;
export const PCI_COMMAND = 0x04;
export const PCI_CLASS_REVISION = 0x08;
export const PCI_BASE_ADDRESS_0 = 0x10;
export const PCI_SUBSYSTEM_VENDOR_ID = 0x2c;
export const PCI_CAPABILITY_LIST = 0x34;
export const PCI_INTERRUPT_PIN = 0x3d;

export const PCI_COMMAND_MEMORY = 0x2;
export const PCI_COMMAND_MASTER = 0x4;

export const CONFIG_SPACE_BYTES = 256;

/** A device's config space, reached by ECAM as Linux in the root cell does: each access is trapped. */
export class ConfigSpace {
  private readonly base: bigint;

  constructor(
    private readonly machine: Machine,
    private readonly currentCpu: () => number,
    mmconfigBase: bigint,
    bdf: Bdf,
  ) {
    this.base = mmconfigBase + (BigInt(bdf) << 12n);
  }

  read8(register: number): number {
    return Number(this.machine.rootRead(this.currentCpu(), this.base + BigInt(register), 1));
  }

  read16(register: number): number {
    return Number(this.machine.rootRead(this.currentCpu(), this.base + BigInt(register), 2));
  }

  read32(register: number): number {
    return Number(this.machine.rootRead(this.currentCpu(), this.base + BigInt(register), 4));
  }

  /** Two accesses, the lower half first. */
  read64(register: number): bigint {
    return BigInt(this.read32(register)) | (BigInt(this.read32(register + 4)) << 32n);
  }

  write16(register: number, value: number): void {
    this.machine.rootWrite(this.currentCpu(), this.base + BigInt(register), 2, BigInt(value));
  }

  write32(register: number, value: number): void {
    this.machine.rootWrite(this.currentCpu(), this.base + BigInt(register), 4, BigInt(value >>> 0));
  }

  /** Sets and clears bits of the command register. */
  command({ set = 0, clear = 0 }: { readonly set?: number; readonly clear?: number }): void {
    this.write16(PCI_COMMAND, (this.read16(PCI_COMMAND) & ~clear) | set);
  }
}
