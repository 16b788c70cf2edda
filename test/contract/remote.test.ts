import { RemoteKernel } from '../../src/kernel/remote/kernel';
import { AgentProcess } from '../support/agent-process';
import { EmulatedBoard } from '../support/emulated-board';
import { kernelContract } from './kernel-contract';
import type { Kernel } from '../../src/kernel/kernel';

/** The same suite once more, through `cellvisor agent --stdio` in a process of its own. */
jest.setTimeout(30_000);

const board = new EmulatedBoard();
afterAll(() => board.stop());

async function openKernel(): Promise<Kernel> {
  const local = await board.openKernel(); // Powers the board on, under its name and type.
  await local.close();
  return new RemoteKernel({ host: 'agent', open: () => new AgentProcess(board.env) });
}

kernelContract('agent', openKernel);
