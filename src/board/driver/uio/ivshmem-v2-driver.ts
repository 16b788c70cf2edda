import {
  IVSHMEM_IDS,
  V2_CFG_ADDRESS,
  V2_CFG_OUTPUT_SECTION_SIZE,
  V2_CFG_RW_SECTION_SIZE,
  V2_CFG_STATE_TABLE_SIZE,
  V2_CFG_VENDOR_CAP,
  V2_REG_ID,
  V2_REG_MAX_PEERS,
} from '../../../abi/jailhouse';
import { CLASS_UNDEFINED, DRIVER_NAME } from './ivshmem-driver';
import { pageAligned } from './pages';
import type { KernelPciDevice, PciDriver } from '../pci/device';
import type { IvshmemProbe } from './ivshmem-driver';
import type { UioMap } from './uio-device';

/** Dword of the vendor capability with the private control byte in its upper eight bits. */
const ONE_SHOT_BIT = 0x0100_0000;

/**
 * Upstream's uio_ivshmem for devices of version 2. It takes only devices without a protocol; enabling interrupts is left
 * to user space, which maps the registers.
 */
export function ivshmemV2Driver(probe: IvshmemProbe): PciDriver {
  return {
    name: DRIVER_NAME,
    probe(device) {
      const { vendor, device: deviceId } = IVSHMEM_IDS[2];
      if (device.vendor !== vendor || device.device !== deviceId || device.classCode !== CLASS_UNDEFINED) {
        return undefined;
      }
      return bind(probe, device);
    },
  };
}

function bind(probe: IvshmemProbe, device: KernelPciDevice): (() => void) | undefined {
  probe.enable(device);
  const { config, intid } = device;
  const registers = device.bars.find(({ index }) => index === 0);
  if (!registers || registers.address === 0n || intid === undefined) {
    return probe.fail(device);
  }
  const capability = config.read32(V2_CFG_VENDOR_CAP);
  config.write32(V2_CFG_VENDOR_CAP, (capability & ~ONE_SHOT_BIT) >>> 0);
  const sections: UioMap[] = [
    { name: 'registers', kind: 'registers', address: registers.address, sizeBytes: pageAligned(registers.sizeBytes) },
    ...sectionsOf(probe, device, registers.address),
  ];
  return probe.register(device, intid, { maps: sections });
}

/** State table, R/W section and output sections follow each other in memory; a section of size 0 is left out. */
function sectionsOf({ linux }: IvshmemProbe, { config }: KernelPciDevice, registers: bigint): UioMap[] {
  const register = (offset: number) => linux.machine.rootRead(linux.cpus.current, registers + BigInt(offset), 4);
  const id = register(V2_REG_ID);
  const peers = register(V2_REG_MAX_PEERS);
  const stateTable = { name: 'state_table', sizeBytes: BigInt(config.read32(V2_CFG_STATE_TABLE_SIZE)) };
  const readWrite = { name: 'rw_section', sizeBytes: config.read64(V2_CFG_RW_SECTION_SIZE) };
  const outputSize = config.read64(V2_CFG_OUTPUT_SECTION_SIZE);
  const inputs = { name: 'input_sections', sizeBytes: outputSize * peers };
  const stateAddress = config.read64(V2_CFG_ADDRESS);
  const inputAddress = stateAddress + stateTable.sizeBytes + readWrite.sizeBytes;
  const places = [
    { ...stateTable, address: stateAddress },
    { ...readWrite, address: stateAddress + stateTable.sizeBytes },
    { ...inputs, address: inputAddress },
    { name: 'output_section', sizeBytes: outputSize, address: inputAddress + outputSize * id },
  ];
  return places.filter(({ sizeBytes }) => sizeBytes > 0n).map((place) => ({ ...place, kind: 'memory' as const }));
}
