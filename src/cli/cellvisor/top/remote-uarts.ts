import { CellvisorError } from '../../../errors';
import { UARTS_LIST, UARTS_READ } from '../agent/uart-methods';
import type { UartSource } from '../../../dashboard/source';
import type { Agent } from '../../../kernel/kernel';
import type { UartPart, UartRead } from '../agent/uart-methods';

/** The UARTs of the emulated board that answers behind an agent; none of hardware. @throws CellvisorError */
export async function remoteUarts(agent: Agent): Promise<UartSource[]> {
  const names = (await agent.call(UARTS_LIST, {})) as string[];
  return names.map((name) => ({ name, follow: (signal) => follow(agent, name, signal) }));
}

async function* follow(agent: Agent, uart: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let from = 0; ;) {
    try {
      const { bytes, end } = (await agent.call(UARTS_READ, { uart, from } satisfies UartRead, { signal })) as UartPart;
      from = end;
      yield Buffer.from(bytes, 'base64');
    } catch (error) {
      // The board was reset, or switched off; or nobody listens any more.
      const hasEnded = error instanceof CellvisorError && (error.errno === 'ECONNRESET' || error.errno === 'EINTR');
      if (hasEnded) return;
      throw error;
    }
  }
}
