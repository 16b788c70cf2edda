import { JAILHOUSE_DEVICE } from '../../jailhouse/jailhouse';
import { SYSFS_ROOT } from '../../jailhouse/sysfs';
import { ok, problem } from '../finding';
import type { Finding } from '../finding';
import type { LiveSystem } from '../live-system';

/** The driver is loaded, its device can be opened, and the hypervisor is not running yet. */
export async function checkDriver(system: LiveSystem): Promise<Finding[]> {
  const version = await system.line('/sys/module/jailhouse/version');
  const isLoaded = version !== undefined || (await system.exists(SYSFS_ROOT));
  const denial = await system.whyNotOpen(JAILHOUSE_DEVICE);
  if (!isLoaded && denial !== undefined) {
    return [problem('driver.missing', 'the Jailhouse driver is not loaded', await howToLoad(system, 'jailhouse'))];
  }
  const name = `the Jailhouse driver${version === undefined ? '' : ` ${version}`}`;
  if (denial !== undefined) return [whyDenied(name, denial)];
  if (await system.isEnabled()) {
    return [problem('driver.enabled', 'Jailhouse is enabled already', 'nothing to do, or first: jailhouse disable')];
  }
  return [ok('driver', `${name} is loaded, ${JAILHOUSE_DEVICE} can be opened`)];
}

function whyDenied(name: string, errno: string): Finding {
  switch (errno) {
    case 'EACCES':
    case 'EPERM':
      return problem(
        'driver.denied',
        `${JAILHOUSE_DEVICE} is closed to this user`,
        'only root may open it: try again with sudo',
      );
    case 'ENOENT':
      return problem(
        'driver.no-device',
        `${name} is loaded, but ${JAILHOUSE_DEVICE} does not exist`,
        'mount devtmpfs on /dev, or create the node with the number in /sys/class/misc/jailhouse/dev: mknod -m 600 /dev/jailhouse c MAJOR MINOR',
      );
    default:
      return problem(
        'driver.unusable',
        `${JAILHOUSE_DEVICE} cannot be opened: ${errno}`,
        'load the driver anew: rmmod jailhouse, insmod jailhouse.ko',
      );
  }
}

/** The command that loads a module of the Jailhouse build, with its file where that can be found. */
export async function howToLoad(system: LiveSystem, module: string): Promise<string> {
  const release = await system.kernelRelease();
  const folders = ['extra/driver', 'extra', 'updates', 'kernel/extra'].map(
    (folder) => `/lib/modules/${release}/${folder}`,
  );
  for (const folder of release === undefined ? [] : folders) {
    if (await system.exists(`${folder}/${module}.ko`)) return `insmod ${folder}/${module}.ko`;
  }
  return `insmod ${module}.ko, built for this kernel${release === undefined ? '' : ` (${release})`}`;
}
