import { formatCpuList } from '../../../abi/jailhouse';
import { attribute, directory } from '../vfs/node';
import type { CpuHotplug } from '../linux/cpu-hotplug';
import type { DirectoryNode } from '../vfs/node';

/** /sys/devices/system/cpu: which CPUs run Linux. */
export function cpuDirectory(cpus: CpuHotplug): DirectoryNode {
  const list = (numbers: readonly number[]) => attribute(() => `${formatCpuList(numbers)}\n`);
  return directory(() => ({
    online: list(cpus.online),
    offline: list(cpus.possible.filter((cpu) => !cpus.isOnline(cpu))),
    possible: list(cpus.possible),
    present: list(cpus.possible),
    ...Object.fromEntries(
      cpus.possible.map((cpu) => [
        `cpu${cpu}`,
        directory(() => ({ online: attribute(() => (cpus.isOnline(cpu) ? '1\n' : '0\n')) })),
      ]),
    ),
  }));
}
