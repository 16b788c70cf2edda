import { KernelError } from '../../errors';
import { isRefusedValue } from '../machine-errors';

/**
 * Runs a call of the machine whose argument comes from a config. What the hypervisor would accept but the emulator cannot
 * do (a cell without CPUs, addresses over 48 bits) is told in a line of its own, and refused.
 *
 * @throws KernelError EINVAL
 */
export function withinLimits(operation: string, tell: (line: string) => void, call: () => void): void {
  try {
    call();
  } catch (error) {
    if (isRefusedValue(error)) {
      tell(`Not possible on this emulated board: ${error.message}`);
      throw new KernelError(operation, 'EINVAL', { cause: error });
    }
    throw error;
  }
}
