import { IVSHMEM_IDS, PROTO_V1_VETH, PROTO_V2_VETH } from '../../../abi/jailhouse';
import type { PciDriver } from '../pci/device';

/**
 * ivshmem-net holds devices that carry Ethernet, so that uio_ivshmem does not get them. There is no network in this
 * board's Linux: the device stays switched off and its peer sees a link that is down.
 */
export function ivshmemNetDriver(): PciDriver {
  const kinds = [
    { ...IVSHMEM_IDS[1], classCode: 0xff_0000 | PROTO_V1_VETH },
    { ...IVSHMEM_IDS[2], classCode: 0xff_0000 | PROTO_V2_VETH },
  ];
  return {
    name: 'ivshmem-net',
    probe: (device) =>
      kinds.some(
        (kind) => kind.vendor === device.vendor && kind.device === device.device && kind.classCode === device.classCode,
      )
        ? () => undefined
        : undefined,
  };
}
