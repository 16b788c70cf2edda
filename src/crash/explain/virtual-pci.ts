import {
  dialectTraits,
  PCI_TYPE_IVSHMEM,
  V1_REG_DOORBELL,
  V1_REG_INTX_CTRL,
  V1_REG_IVPOSITION,
  V1_REG_LSTATE,
  V1_REG_RSTATE,
  V2_REG_DOORBELL,
  V2_REG_ID,
  V2_REG_INT_CTRL,
  V2_REG_MAX_PEERS,
  V2_REG_STATE,
} from '../../abi/jailhouse';
import { formatBdf } from '../../abi/pci/bdf';
import { hex, list } from '../../config/check/words';
import type { Cause } from '../dump';
import type { Draft } from './explanation';

interface Register {
  readonly name: string;
  readonly writable: boolean;
}

/** jailhouse-hypervisor reference 10.3 and 11. */
const V1_REGISTERS: Readonly<Record<number, Register>> = {
  [V1_REG_INTX_CTRL]: { name: 'INTX_CTRL', writable: true },
  [V1_REG_IVPOSITION]: { name: 'IVPOSITION', writable: false },
  [V1_REG_DOORBELL]: { name: 'DOORBELL', writable: true },
  [V1_REG_LSTATE]: { name: 'LSTATE', writable: true },
  [V1_REG_RSTATE]: { name: 'RSTATE', writable: false },
};
const V2_REGISTERS: Readonly<Record<number, Register>> = {
  [V2_REG_ID]: { name: 'ID', writable: false },
  [V2_REG_MAX_PEERS]: { name: 'MAX_PEERS', writable: false },
  [V2_REG_INT_CTRL]: { name: 'INT_CTRL', writable: true },
  [V2_REG_DOORBELL]: { name: 'DOORBELL', writable: true },
  [V2_REG_STATE]: { name: 'STATE', writable: true },
};
/** First revision whose ivshmem devices are of version 2. */
const V2_REVISION = 12;
/** Config space of a device of v1 ends here. */
const V1_CONFIG_BYTES = 0x5c;

/** An access to the registers of an ivshmem device that the device does not have. */
export function explainIvshmemRegister(draft: Draft, { direction, offset }: Of<'ivshmem-register'>): void {
  const dialect = draft.cell?.dialect;
  const isV2 = dialect !== undefined && dialectTraits(dialect).revision >= V2_REVISION;
  const registers = isV2 ? V2_REGISTERS : V1_REGISTERS;
  const register = registers[offset];
  const at = `offset ${hex(offset)}`;
  draft.title = `it ${direction === 'write' ? 'wrote' : 'read'} ivshmem register ${register ? `${register.name} (${at})` : `at ${at}`}`;
  draft.fact(
    'access',
    `ivshmem ${isV2 ? 'v2' : 'v1'} has ${list(Object.entries(registers).map(([at, one]) => `${one.name} at ${hex(Number(at))}${one.writable ? '' : ' (read only)'}`))}`,
  );
  const other = (isV2 ? V1_REGISTERS : V2_REGISTERS)[offset];
  if (register) {
    draft.remedy(`${register.name} can only be read: do not write it.`);
  } else if (other) {
    draft.remedy(
      `${other.name} is at ${hex(offset)} in ivshmem ${isV2 ? 'v1' : 'v2'}: the driver in the cell is for another release than this hypervisor.`,
    );
  } else {
    draft.remedy('Only whole registers are answered, by their exact offset: correct the driver in the cell.');
  }
}

/** A write to config space that no device takes (jailhouse-hypervisor reference 10.1). */
export function explainPciConfig(draft: Draft, cause: Of<'pci-config'>): void {
  const { direction, bdf, register, sizeBytes } = cause;
  const device = formatBdf(bdf);
  draft.title = `it ${direction === 'write' ? 'wrote' : 'read'} register ${hex(register)} of PCI device ${device}`;
  const devices = draft.cell?.config.pciDevices;
  if (devices && !devices.some((one) => one.bdf === bdf)) {
    const names = devices.map((one) => formatBdf(one.bdf));
    draft.fact(
      'owner',
      names.length > 0 ? `the cell has ${list(names)}, and no ${device}` : 'the cell has no PCI device',
    );
    draft.remedy(`Write only to devices that answered a read of their vendor id, or add ${device} to pci_devices.`);
  } else if (sizeBytes > 4) {
    draft.remedy('Config space is accessed by 1, 2 or 4 bytes.');
  } else if (register >= V1_CONFIG_BYTES) {
    draft.remedy(`There is nothing to write at ${hex(V1_CONFIG_BYTES)} and above.`);
  } else {
    draft.remedy('Of the standard header only command, cache line size, BARs and the interrupt line can be written.');
  }
}

export function explainMsix(draft: Draft, { bdf }: Of<'pci-msix'>): void {
  draft.title = `it accessed the MSI-X table of PCI device ${formatBdf(bdf)} in a way that it cannot`;
  const device = draft.cell?.config.pciDevices.find((one) => one.bdf === bdf);
  if (device?.type === PCI_TYPE_IVSHMEM) {
    draft.fact(
      'owner',
      `the device has ${device.numMsixVectors} MSI-X vector${device.numMsixVectors === 1 ? '' : 's'}`,
    );
  }
  draft.remedy('Access the table by aligned 32 bits, within its vectors; pending bits cannot be written.');
}

type Of<Kind extends Cause['kind']> = Extract<Cause, { kind: Kind }>;
