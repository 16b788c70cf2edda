import { CPU_INFO_STATE, CPU_STATE_FAILED, formatCpuList, formatCpuMask } from '../../../abi/jailhouse';
import { attribute, directory } from '../vfs/node';
import { statisticsDirectory } from './statistics';
import type { CellObject } from '../jailhouse/cell-object';
import type { JailhouseModule } from '../jailhouse/jailhouse-module';
import type { DirectoryNode } from '../vfs/node';

/** /sys/devices/jailhouse/cells/ID (jailhouse-abi reference 2). */
export function cellDirectory(module: JailhouseModule, cell: CellObject): DirectoryNode {
  const { possible } = module.linux.cpus;
  const mask = (cpus: readonly number[]) => `${formatCpuMask(cpus, possible.length)}\n`;
  const list = (cpus: readonly number[]) => `${formatCpuList(cpus)}\n`;
  return directory(() => ({
    name: attribute(() => `${cell.name}\n`),
    state: attribute(() => `${stateOf(module, cell)}\n`),
    cpus_assigned: attribute(() => mask(cell.cpusAssigned)),
    cpus_assigned_list: attribute(() => list(cell.cpusAssigned)),
    cpus_failed: attribute(() => mask(failedCpus(module, cell))),
    cpus_failed_list: attribute(() => list(failedCpus(module, cell))),
    statistics: statisticsDirectory(module, cell),
  }));
}

/** A cell that the hypervisor does not know (yet) is `invalid`. */
function stateOf({ enabled, linux }: JailhouseModule, cell: CellObject): string {
  return enabled?.hypervisor.cellState(cell.id, linux.cpus.current) ?? 'invalid';
}

function failedCpus({ enabled, linux }: JailhouseModule, cell: CellObject): number[] {
  return cell.cpusAssigned.filter(
    (cpu) => enabled?.hypervisor.cpuInfo(cpu, CPU_INFO_STATE, linux.cpus.current) === CPU_STATE_FAILED,
  );
}
