import { KernelError } from '../../../errors';
import { Parameters } from '../../../kernel/remote/parameters';
import { toBase64 } from '../../../kernel/remote/protocol';
import { decodeLogPart, encodeLogRequest } from '../../../wire/control';
import { runningBoard, statusOf } from '../board/running';
import { UARTS_LIST, UARTS_READ } from './uart-methods';
import type { Connection } from '../../../kernel/emulated/connection';
import type { Handler } from '../../../kernel/remote/kernel-calls';
import type { UartPart } from './uart-methods';

/** The agent's half. @param board name of the emulated board; undefined where hardware answers, which writes nothing down */
export function uartHandlers(board: string | undefined): Readonly<Record<string, Handler>> {
  // One for each UART: a log goes on only on the connection that it was begun on, for another may be of a board that was reset.
  const connections = new Map<string, Connection>();

  async function connectionFor(uart: string, from: number): Promise<Connection> {
    const operation = `reading ${uart}`;
    if (board === undefined) throw new KernelError(operation, 'ENODEV');
    const known = connections.get(uart);
    if (from > 0) {
      if (!known?.isOpen) throw new KernelError(operation, 'ECONNRESET');
      return known;
    }
    known?.close();
    const opened = await runningBoard(board);
    connections.set(uart, opened);
    return opened;
  }

  return {
    [UARTS_LIST]: async (): Promise<string[]> => {
      if (board === undefined) return [];
      const connection = await runningBoard(board);
      try {
        return (await statusOf(connection)).uarts.map(({ name }) => name);
      } finally {
        connection.close();
      }
    },
    [UARTS_READ]: async (values, token): Promise<UartPart> => {
      const parameters = new Parameters(values, UARTS_READ);
      const [uart, from] = [parameters.text('uart'), parameters.number('from')];
      const connection = await connectionFor(uart, from);
      const abort = new AbortController();
      if (token.isCancellationRequested) abort.abort();
      const listening = token.onCancellationRequested(() => abort.abort());
      try {
        const request = encodeLogRequest({ log: uart, from, isFollowing: true, sinceMs: 0 });
        const { bytes, end } = decodeLogPart(await connection.request('log', request, { signal: abort.signal }));
        return { bytes: toBase64(bytes), end };
      } finally {
        listening.dispose();
      }
    },
  };
}
