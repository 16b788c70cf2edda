import { ok, warning } from '../finding';
import { howToLoad } from './driver';
import type { Finding } from '../finding';
import type { LiveSystem } from '../live-system';

const MODULE = 'uio_ivshmem';

/** What programs need to talk to cells. The hypervisor does without. */
export async function checkUio(system: LiveSystem): Promise<Finding[]> {
  const isLoaded =
    (await system.exists(`/sys/module/${MODULE}`)) || (await system.names('/sys/bus/pci/drivers')).includes(MODULE);
  if (!isLoaded) {
    return [
      warning(
        'uio.driver',
        `the driver ${MODULE} is not loaded: there will be no /dev/uioN`,
        await howToLoad(system, MODULE),
      ),
    ];
  }
  if (!(await system.isEnabled())) return [ok('uio', `the driver ${MODULE} is loaded; devices come with enable`)];
  const devices = (await system.names('/sys/class/uio')).map((name) => `/dev/${name}`);
  if (devices.length === 0) {
    return [
      warning(
        'uio.none',
        'there is no UIO device',
        'enable a root cell with an ivshmem device, and read what the kernel log says of its PCI host',
      ),
    ];
  }
  const findings = await Promise.all(devices.map(async (device) => openable(device, await system.whyNotOpen(device))));
  return findings;
}

function openable(device: string, denial: string | undefined): Finding {
  return denial === undefined
    ? ok('uio', `${device} can be opened`)
    : warning(
        'uio.denied',
        `${device} cannot be opened: ${denial}`,
        'run as root, or give the device to a group with a udev rule',
      );
}
