import { CellvisorError } from '../errors';
import { imx8mmEvk } from './imx8mm-evk';
import { imx8mqEvk } from './imx8mq-evk';
import { imx8qmMek } from './imx8qm-mek';
import { imx8qxpMek } from './imx8qxp-mek';
import { qemuArm64 } from './qemu-arm64';
import type { BoardDescription } from './board-description';

export const BOARDS: readonly BoardDescription[] = [imx8mmEvk, imx8mqEvk, imx8qmMek, imx8qxpMek, qemuArm64];

/** @throws CellvisorError `E_BOARD_UNKNOWN` */
export function findBoard(name: string): BoardDescription {
  const board = BOARDS.find((one) => one.name === name);
  if (!board) {
    throw new CellvisorError(`there is no emulated board '${name}'`, {
      code: 'E_BOARD_UNKNOWN',
      operation: 'find board',
      hint: `boards are ${BOARDS.map((one) => one.name).join(', ')}`,
    });
  }
  return board;
}

export type {
  BoardDescription,
  CpuDescription,
  MemoryRange,
  ReservedMemory,
  UartDescription,
} from './board-description';
