import { KernelError } from '../../errors';
import { rootCellOf } from './state';
import { texts } from './texts';
import type { HypervisorState } from './state';

/**
 * Says goodbye on the console; the machine is still the hypervisor's then, so that the console can be read.
 *
 * @throws KernelError EBUSY while there are other cells
 */
export function prepareDisable(state: HypervisorState): void {
  if (state.cells.length > 1) {
    throw new KernelError('hypercall DISABLE', 'EBUSY');
  }
  state.machine.consoleWrite(texts.shuttingDown());
  for (const cpu of rootCellOf(state).cpus) {
    state.machine.consoleWrite(texts.releasing(cpu));
  }
}
