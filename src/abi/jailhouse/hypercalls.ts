/** Immediate of the HVC instruction that makes a hypercall: "JH". Any other kills the CPU (jailhouse-abi reference 4.1). */
export const HVC_JAILHOUSE = 0x4a48;

/** Hypercall codes (jailhouse-abi reference 4.2), the same in all releases. */
export const HC_DISABLE = 0;
export const HC_CELL_CREATE = 1;
export const HC_CELL_START = 2;
export const HC_CELL_SET_LOADABLE = 3;
export const HC_CELL_DESTROY = 4;
export const HC_HYPERVISOR_GET_INFO = 5;
export const HC_CELL_GET_STATE = 6;
export const HC_CPU_GET_INFO = 7;
export const HC_DEBUG_CONSOLE_PUTC = 8;

/** Types of HC_HYPERVISOR_GET_INFO. Pools are counted in pages. */
export const INFO_MEM_POOL_SIZE = 0;
export const INFO_MEM_POOL_USED = 1;
export const INFO_REMAP_POOL_SIZE = 2;
export const INFO_REMAP_POOL_USED = 3;
/** Root cell included. */
export const INFO_NUM_CELLS = 4;

/** Types of HC_CPU_GET_INFO; statistic n is CPU_INFO_STAT_BASE + n, its value has 31 bits. */
export const CPU_INFO_STATE = 0;
export const CPU_INFO_STAT_BASE = 1000;
export const CPU_STATE_RUNNING = 0;
export const CPU_STATE_FAILED = 2;

/** Cell states (jailhouse-abi reference 4.3). */
export const CELL_RUNNING = 0;
export const CELL_RUNNING_LOCKED = 1;
export const CELL_SHUT_DOWN = 2;
export const CELL_FAILED = 3;
/** v0.9 and later. */
export const CELL_FAILED_COMM_REV = 4;

/** What sysfs calls the states; any other value is `invalid` (jailhouse-abi reference, section 2). */
const CELL_STATE_NAMES = ['running', 'running/locked', 'shut down', 'failed', 'Comm ABI mismatch'] as const;
export type CellStateName = (typeof CELL_STATE_NAMES)[number] | 'invalid';

export function cellStateName(state: number): CellStateName {
  return CELL_STATE_NAMES[state] ?? 'invalid';
}

/** Messages to a cell, in `msgToCell` of its communication region (jailhouse-abi reference 4.4). */
export const MSG_NONE = 0;
export const MSG_SHUTDOWN_REQUEST = 1;
export const MSG_RECONFIG_COMPLETED = 2;

/** Replies of a cell, in `replyFromCell`. */
export const REPLY_NONE = 0;
export const REPLY_UNKNOWN = 1;
export const REPLY_REQUEST_DENIED = 2;
export const REPLY_REQUEST_APPROVED = 3;
export const REPLY_RECEIVED = 4;
