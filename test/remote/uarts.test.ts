import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as root from '../../cells/imx8mm';
import { encodeConfig } from '../../src/abi/jailhouse';
import { uartHandlers } from '../../src/cli/cellvisor/agent/uarts';
import { remoteUarts } from '../../src/cli/cellvisor/top/remote-uarts';
import { RemoteKernel } from '../../src/kernel/remote/kernel';
import { AgentPipe } from '../support/agent-pipe';
import { AgentProcess } from '../support/agent-process';
import { BoardProcesses } from '../support/board-processes';
import { FakeKernel } from '../support/fake-kernel';

/** UARTs of an emulated board behind an agent. */
jest.setTimeout(60_000);

const boards = new BoardProcesses();
const ROOT_CELL = join(boards.folder, 'root.cell');
writeFileSync(ROOT_CELL, encodeConfig(root.config, root.dialect));
const remotes: RemoteKernel[] = [];

function behindAgent(board = 'imx8mm-evk'): RemoteKernel {
  const env = { CELLVISOR_BACKEND: 'emulated', CELLVISOR_BOARD: board, CELLVISOR_RUNTIME_DIR: boards.path() };
  const remote = new RemoteKernel({ host: 'board', open: () => new AgentProcess(env) });
  remotes.push(remote);
  return remote;
}
afterEach(() => Promise.all(remotes.splice(0).map((remote) => remote.close())));
afterAll(async () => {
  await boards.run('cellvisor', 'board', 'stop');
  await boards.remove();
});

/** Reads until there is such a text. */
async function until(pieces: AsyncIterator<Uint8Array>, wanted: RegExp): Promise<string> {
  let text = '';
  while (!wanted.test(text)) {
    const { value, done } = await pieces.next();
    if (done) throw new Error(`it ended after ${JSON.stringify(text)}`);
    text += Buffer.from(value).toString();
  }
  return text;
}

test('from the beginning, on as it comes, and anew after a reset', async () => {
  const { agent } = behindAgent();
  await expect(remoteUarts(agent)).rejects.toMatchObject({ code: 'E_BOARD_OFF' });
  expect(await boards.run('jailhouse', 'enable', ROOT_CELL)).toMatchObject({ code: 0 });
  const uarts = await remoteUarts(agent);
  expect(uarts.map(({ name }) => name)).toEqual(['uart1', 'uart2', 'uart3', 'uart4']);
  const uart = uarts[1];
  const abort = new AbortController();
  const pieces = uart?.follow(abort.signal)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  await until(pieces, /Initializing Jailhouse hypervisor[^]*Activating hypervisor/);
  const more = until(pieces, /Releasing CPU 3/);
  await boards.run('jailhouse', 'disable');
  await more;

  const end = pieces.next();
  await boards.run('cellvisor', 'board', 'reset');
  expect(await end).toMatchObject({ done: true });
  expect(await boards.run('jailhouse', 'enable', ROOT_CELL)).toMatchObject({ code: 0 });
  const anew = uart?.follow(abort.signal)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  expect(await until(anew, /Activating hypervisor/)).not.toContain('Releasing');
  const waiting = anew.next();
  abort.abort();
  expect(await waiting).toMatchObject({ done: true });
});

test('hardware has none that anybody writes down', async () => {
  const pipe = new AgentPipe(new FakeKernel(), { more: uartHandlers(undefined) });
  const remote = new RemoteKernel({ host: 'board', open: () => pipe });
  remotes.push(remote);
  expect(await remoteUarts(remote.agent)).toEqual([]);
  await expect(remote.agent.call('uarts.read', { uart: 'uart1', from: 0 })).rejects.toMatchObject({ errno: 'ENODEV' });
});
