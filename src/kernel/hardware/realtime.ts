import { CellvisorError } from '../../errors';
import { callLibc } from './libc';

const MCL_CURRENT = 1;
const MCL_FUTURE = 2;
const SCHED_FIFO = 1;
/** The middle of 1 to 99: above all ordinary threads, below those of the kernel that must not wait. */
const PRIORITY = 50;
/** Bits of a cpu_set_t. */
const MAX_CPUS = 1024;

/**
 * Keeps this process in memory and puts it before all ordinary ones, so that an interrupt is answered in time. Threads that
 * wait for interrupts are started later, and inherit it.
 *
 * @throws KernelError EPERM without the right to
 */
export function becomeRealtime(): void {
  callLibc('mlockall', (libc) => libc.mlockall(MCL_CURRENT | MCL_FUTURE));
  const parameters = Buffer.alloc(4);
  parameters.writeInt32LE(PRIORITY);
  callLibc('sched_setscheduler', (libc) => libc.sched_setscheduler(0, SCHED_FIFO, parameters));
}

/**
 * Runs this thread, and those that it starts, on one CPU.
 *
 * @throws KernelError EINVAL for a CPU that is offline or does not exist
 */
export function bindToCpu(cpu: number): void {
  if (!Number.isInteger(cpu) || cpu < 0 || cpu >= MAX_CPUS) {
    throw new CellvisorError(`${cpu} is no CPU`, { code: 'E_CPU', operation: 'sched_setaffinity' });
  }
  const mask = Buffer.alloc(MAX_CPUS / 8);
  mask[cpu >> 3] = 1 << (cpu & 7);
  callLibc('sched_setaffinity', (libc) => libc.sched_setaffinity(0, mask.length, mask));
}
