import { CPU_INFO_STAT_BASE, statistics } from '../../../abi/jailhouse';
import { attribute, directory } from '../vfs/node';
import type { CellObject } from '../jailhouse/cell-object';
import type { JailhouseModule } from '../jailhouse/jailhouse-module';
import type { DirectoryNode, Node } from '../vfs/node';

/** `statistics` of a cell: sums over its CPUs, and a directory for each of them (jailhouse-abi reference 2). */
export function statisticsDirectory(module: JailhouseModule, cell: CellObject): DirectoryNode {
  return directory(() => ({
    ...counters(module, () => cell.cpusAssigned),
    ...Object.fromEntries(
      cell.cpusAssigned.map((cpu) => [`cpu${cpu}`, directory(() => counters(module, () => [cpu]))]),
    ),
  }));
}

/** Each look at a counter is a hypercall for each CPU, which itself counts. */
function counters({ enabled, linux }: JailhouseModule, cpus: () => readonly number[]): Record<string, Node> {
  const value = (cpu: number, code: number) =>
    enabled?.hypervisor.cpuInfo(cpu, CPU_INFO_STAT_BASE + code, linux.cpus.current) ?? 0;
  return Object.fromEntries(
    statistics('arm64', linux.release.statistics).map(({ code, name }) => [
      name,
      attribute(() => `${cpus().reduce((sum, cpu) => sum + value(cpu, code), 0)}\n`),
    ]),
  );
}
