import { setTimeout as sleep } from 'node:timers/promises';
import { KernelError } from '../../errors';
import {
  CELL_FAILED,
  CELL_FLAG_PASSIVE_COMMREG,
  CELL_SHUT_DOWN,
  MSG_RECONFIG_COMPLETED,
  MSG_SHUTDOWN_REQUEST,
  REPLY_NONE,
  REPLY_RECEIVED,
  REPLY_REQUEST_APPROVED,
} from '../../abi/jailhouse';
import { readWord, writeWord } from './comm-words';
import { texts } from './texts';
import type { HypervisorCell, HypervisorState } from './state';

/** The hypervisor polls without pause; here the event loop gets a turn after so many polls. */
const POLLS_PER_TURN = 64;
/** A cell that has not answered after so many turns is polled once a millisecond, unless its timeout counts the polls. */
const BUSY_TURNS = 256;

/**
 * Asks a cell to agree to its shutdown (jailhouse-hypervisor reference 6.2).
 *
 * @returns false when the cell refuses
 * @throws KernelError EINTR when `signal` aborts while the cell has not answered
 */
export function requestShutdown(state: HypervisorState, cell: HypervisorCell, signal: AbortSignal): Promise<boolean> {
  return exchange(state, cell, MSG_SHUTDOWN_REQUEST, REPLY_REQUEST_APPROVED, signal);
}

/** Tells all cells but the root cell that the partitioning has changed. Nobody cares for what they answer. */
export async function announceReconfiguration(state: HypervisorState, signal: AbortSignal): Promise<void> {
  for (const cell of state.cells.slice(1)) {
    try {
      await exchange(state, cell, MSG_RECONFIG_COMPLETED, REPLY_RECEIVED, signal);
    } catch (error) {
      if (!(error instanceof KernelError && error.errno === 'EINTR')) {
        throw error;
      }
    }
  }
}

async function exchange(
  state: HypervisorState,
  cell: HypervisorCell,
  message: number,
  expectedReply: number,
  signal: AbortSignal,
): Promise<boolean> {
  if ((cell.config.flags & CELL_FLAG_PASSIVE_COMMREG) !== 0) {
    return true;
  }
  writeWord(state, cell, 'replyFromCell', REPLY_NONE);
  writeWord(state, cell, 'msgToCell', message);
  const limit = cell.config.msgReplyTimeout;
  for (let polls = 1n; ; polls++) {
    const cellState = readWord(state, cell, 'cellState');
    const reply = readWord(state, cell, 'replyFromCell');
    if (cellState === CELL_SHUT_DOWN || cellState === CELL_FAILED || reply === expectedReply) {
      return true;
    }
    if (reply !== REPLY_NONE) {
      return false;
    }
    if (polls === limit) {
      state.machine.consoleWrite(texts.timeout());
      writeWord(state, cell, 'cellState', CELL_FAILED);
      return true;
    }
    if (polls % BigInt(POLLS_PER_TURN) === 0n) {
      await turn(limit === 0n && polls > POLLS_PER_TURN * BUSY_TURNS, signal);
    }
  }
}

async function turn(patient: boolean, signal: AbortSignal): Promise<void> {
  if (signal.aborted) {
    throw new KernelError('wait for cell', 'EINTR');
  }
  await (patient ? sleep(1) : new Promise<void>((resolve) => setImmediate(resolve)));
}
