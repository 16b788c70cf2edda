/** Hypercall sched_op, reasons of a shutdown, and schedulers (xen-abi reference 7 and 16). */
import { u16, u32 } from '../field';
import { StructLayout } from '../layout';
import { gap } from './gap';

export const SCHEDOP_remote_shutdown = 4;

export const SHUTDOWN_REASONS = ['poweroff', 'reboot', 'suspend', 'crash', 'watchdog', 'soft_reset'] as const;
export type ShutdownReason = (typeof SHUTDOWN_REASONS)[number];

export const remoteShutdownLayout = new StructLayout<{ domain: number; reason: number }>('sched_remote_shutdown', [
  u16('domain'),
  gap(2),
  u32('reason'),
]);

export const SCHEDULERS = { credit: 5, credit2: 6, arinc653: 7, rtds: 8, null: 9 } as const;
export type SchedulerName = keyof typeof SCHEDULERS;

const NAMES = new Map<number, SchedulerName>(
  Object.entries(SCHEDULERS).map(([name, id]) => [id, name as SchedulerName]),
);

/** Undefined for a scheduler of a release that is not known here. */
export function schedulerName(id: number): SchedulerName | undefined {
  return NAMES.get(id);
}
