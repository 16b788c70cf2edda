import {
  decodeLogRequest,
  decodeUartInput,
  decodeVirtualLimit,
  encodeJson,
  encodeLogPart,
  encodeRest,
} from '../../wire/control';
import { Operation } from '../../wire/operations';
import { decodeEmpty, encodeWord } from '../../wire/system-calls';
import type { Handler } from './handler';
import type { ServedBoard } from './served-board';

/** What answers an operation on the board itself; undefined for other operations. */
export function controlHandler(operation: number, board: ServedBoard): Handler | undefined {
  switch (operation) {
    case Operation.boardStatus:
      return (payload) => {
        decodeEmpty(payload);
        return encodeJson(board.status());
      };
    case Operation.boardStop:
      return (payload) => {
        decodeEmpty(payload);
        board.stop();
        return [];
      };
    case Operation.boardReset:
      return (payload) => {
        decodeEmpty(payload);
        board.reset();
        return [];
      };
    case Operation.log:
      return async (payload, signal) => encodeLogPart(await board.readLog(decodeLogRequest(payload), signal));
    case Operation.uartInput:
      return (payload) => {
        const { uart, bytes } = decodeUartInput(payload);
        return encodeWord(board.uartInput(uart, bytes));
      };
    case Operation.virtualLimit:
      return (payload) => {
        board.setVirtualLimit(decodeVirtualLimit(payload));
        return [];
      };
    case Operation.virtualRest:
      return async (payload) => {
        decodeEmpty(payload);
        return encodeRest(await board.virtualRest());
      };
    default:
      return undefined;
  }
}
