import { KernelError } from '../../../errors';
import type { CellObject } from './cell-object';
import type { JailhouseModule } from './jailhouse-module';

/** Brings CPUs back online that a cell had. One that does not come is only logged. */
export function returnCpus({ linux }: JailhouseModule, cpus: readonly number[]): void {
  for (const cpu of cpus) {
    try {
      linux.cpus.bringOnline(cpu);
    } catch (error) {
      if (!(error instanceof KernelError)) {
        throw error;
      }
      linux.log.print(`Jailhouse: failed to bring CPU ${cpu} back online`, 'err');
    }
  }
}

/**
 * Destroys a cell: first the hypervisor's, then the driver's part of it.
 *
 * @throws KernelError what the hypercall says
 */
export async function destroyCellObject(module: JailhouseModule, cell: CellObject, signal: AbortSignal): Promise<void> {
  const { enabled, linux, cells } = module;
  if (!enabled) {
    throw new KernelError('destroy cell', 'EINVAL');
  }
  await enabled.hypervisor.destroyCell(cell.id, linux.cpus.current, signal);
  const { rootCell } = enabled;
  rootCell.cpusAssigned = [...rootCell.cpusAssigned, ...cell.cpusAssigned].sort((a, b) => a - b);
  returnCpus(module, cell.offlinedCpus);
  cells.splice(cells.indexOf(cell), 1);
  linux.log.print(`Destroyed Jailhouse cell "${cell.name}"`);
}
