import { hostname } from 'node:os';
import { openBoards } from '../../../kernel/choose';
import { isXenThere } from '../../../xen/present';
import { EmulatedKernel } from '../../../kernel/emulated/kernel';
import { connectOrStart } from '../../../kernel/emulated/start';
import { jailhouseOn } from '../../jailhouse/open';
import { openKeptConfigs } from '../../jailhouse/kept-configs';
import { readLog } from '../board/follow-log';
import { runningBoard, statusOf } from '../board/running';
import { remoteUarts } from './remote-uarts';
import type { BoardSource, UartSource, XenAccess } from '../../../dashboard/source';
import type { Connection } from '../../../kernel/emulated/connection';
import type { Kernel } from '../../../kernel/kernel';
import type { Environment } from '../../command';
import type { TopOptions } from './options';

/** The boards of the command line. Opens nothing yet, but connects to hosts; nobody waits for them. */
export async function boardSources({ choice, emulated }: TopOptions, env: Environment): Promise<BoardSource[]> {
  if (emulated.length > 0) return emulated.map((name) => emulatedSource(name, env));
  const own = { ...env, CELLVISOR_BACKEND: choice.backend };
  return (await openBoards(choice)).map(({ name, kernel, link }) => {
    const { agent } = kernel;
    if (!agent) return sourceOf(hostname(), { kernel, link, xen: xenOf(kernel) }, own);
    return sourceOf(name, { kernel, link, uarts: () => remoteUarts(agent) }, own);
  });
}

/**
 * An emulated board. It is powered on when it is first looked at, as by every command. Not again after that: whoever
 * powers it off meanwhile shall not find it on again because somebody was watching.
 */
function emulatedSource(name: string, env: Environment): BoardSource {
  let hasBeenOn = false;
  const kernel = new EmulatedKernel(async () => {
    const connection = hasBeenOn ? await runningBoard(name) : await connectOrStart(name, {}, () => undefined);
    hasBeenOn = true;
    return connection;
  });
  const own = { ...env, CELLVISOR_BACKEND: 'emulated', CELLVISOR_BOARD: name };
  const uarts = async () => {
    const status = await statusOf(await runningBoard(name));
    return status.uarts.map((uart) => uartSource(name, uart.name));
  };
  return sourceOf(name, { kernel, uarts }, own);
}

/** A connection of its own each time: the log of a board that is reset begins anew, on another connection. */
function uartSource(board: string, name: string): UartSource {
  return {
    name,
    async *follow(signal) {
      const connection: Connection = await runningBoard(board);
      try {
        yield* readLog(connection, name, { sinceMs: 0, isFollowing: true, signal });
      } finally {
        connection.close();
      }
    },
  };
}

/** Xen takes addresses in this process's memory: there is none but this machine's. */
function xenOf(kernel: Kernel): XenAccess {
  return {
    isThere: () => isXenThere(kernel),
    connect: async () => (await import('../../../dashboard/xen')).connectXen(kernel),
  };
}

function sourceOf(
  name: string,
  { kernel, link, uarts, xen }: Pick<BoardSource, 'kernel' | 'link' | 'xen'> & Partial<Pick<BoardSource, 'uarts'>>,
  env: Environment,
): BoardSource {
  return {
    name,
    kernel,
    link,
    jailhouse: jailhouseOn(kernel, env),
    keptConfigs: openKeptConfigs(kernel, env),
    uarts,
    xen,
  };
}
