import { isRangeError } from '../../machine-errors';
import { VirtualPciHost } from '../pci/virtual-host';
import { ivshmemNetDriver } from '../uio/ivshmem-net-driver';
import { IvshmemProbe } from '../uio/ivshmem-driver';
import { ivshmemV1Driver } from '../uio/ivshmem-v1-driver';
import { ivshmemV2Driver } from '../uio/ivshmem-v2-driver';
import type { SystemConfig } from '../../../abi/jailhouse';
import type { JailhouseModule } from './jailhouse-module';

/**
 * Adds the PCI host through which the root cell sees its virtual devices; drivers claim them at once (jailhouse-hypervisor
 * reference 10.5). A host that cannot be added is only warned about.
 */
export function addRootDevices({ linux, uio }: JailhouseModule, system: SystemConfig): VirtualPciHost | undefined {
  if (system.pciIsVirtual === 0 || system.pciMmconfigBase === 0n) {
    return undefined;
  }
  const probe = new IvshmemProbe(linux, uio);
  const uioDriver = linux.release.traits.ivshmemVersion === 1 ? ivshmemV1Driver(probe) : ivshmemV2Driver(probe);
  try {
    return new VirtualPciHost(linux, system, [ivshmemNetDriver(), uioDriver]);
  } catch (error) {
    if (!isRangeError(error)) {
      throw error;
    }
    linux.log.print('jailhouse: failed to add virtual host controller', 'warning');
    return undefined;
  }
}
