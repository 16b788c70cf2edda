import { DRIVER_NAME, DRIVER_VERSION } from '../uio/ivshmem-driver';
import { attribute, directory } from '../vfs/node';
import type { JailhouseModule } from '../jailhouse/jailhouse-module';
import type { DirectoryNode } from '../vfs/node';

/** /sys/module, with the modules that are of interest here. */
export function modules(module: JailhouseModule): DirectoryNode {
  return directory(() => ({
    jailhouse: directory(() => ({
      version: attribute(() => `${module.linux.release.version}\n`),
      refcnt: attribute(() => `${module.openFiles + (module.enabled ? 1 : 0)}\n`),
    })),
    [DRIVER_NAME]: directory(() => ({
      version: attribute(() => `${DRIVER_VERSION}\n`),
      refcnt: attribute(() => '0\n'),
    })),
  }));
}
