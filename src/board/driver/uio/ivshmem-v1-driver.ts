import {
  IVSHMEM_IDS,
  PROTO_V1_VETH,
  V1_CFG_SHMEM_ADDRESS,
  V1_CFG_SHMEM_SIZE,
  V1_REG_INTX_CTRL,
} from '../../../abi/jailhouse';
import { pageAligned } from './pages';
import { DRIVER_NAME } from './ivshmem-driver';
import type { KernelPciDevice, PciDriver } from '../pci/device';
import type { IvshmemProbe } from './ivshmem-driver';

const CLASS_VETH = 0xff_0000 | PROTO_V1_VETH;
const ALL_ONES = 0xffff_ffffn;

/**
 * uio_ivshmem of the GA release (jailhouse-tools reference 13.3). It would take any device with ivshmem's ids, but NXP's
 * kernel has ivshmem-net for those that carry Ethernet, and that one comes first.
 */
export function ivshmemV1Driver(probe: IvshmemProbe): PciDriver {
  return {
    name: DRIVER_NAME,
    probe(device) {
      const { vendor, device: deviceId } = IVSHMEM_IDS[1];
      if (device.vendor !== vendor || device.device !== deviceId || device.classCode === CLASS_VETH) {
        return undefined;
      }
      return bind(probe, device);
    },
  };
}

function bind(probe: IvshmemProbe, device: KernelPciDevice): (() => void) | undefined {
  probe.enable(device);
  const registers = device.bars.find(({ index }) => index === 0);
  const hasBar2 = device.bars.some(({ index }) => index === 2);
  if (!registers || registers.address === 0n || hasBar2) {
    return probe.fail(device);
  }
  probe.linux.log.print(`${DRIVER_NAME} ${device.name}: using jailhouse mode`);
  const shmemAddress = device.config.read64(V1_CFG_SHMEM_ADDRESS);
  const shmemSize = device.config.read64(V1_CFG_SHMEM_SIZE);
  if (shmemAddress === 0n || device.intid === undefined) {
    return probe.fail(device);
  }
  const unregister = probe.register(device, device.intid, {
    maps: [
      {
        name: 'registers',
        kind: 'registers',
        address: registers.address,
        sizeBytes: pageAligned(registers.sizeBytes),
      },
      { name: 'shmem', kind: 'memory', address: shmemAddress, sizeBytes: shmemSize },
    ],
  });
  const { machine, cpus } = probe.linux;
  try {
    machine.rootWrite(cpus.current, registers.address + BigInt(V1_REG_INTX_CTRL), 4, ALL_ONES);
  } catch (error) {
    unregister();
    throw error;
  }
  return unregister;
}
