import { EmulatedBoard } from '../support/emulated-board';
import { ivshmemContract, ivshmemFiles } from './ivshmem-contract';
import { kernelContract } from './kernel-contract';

/** A loaded machine takes its time to power a board on. */
jest.setTimeout(30_000);

const board = new EmulatedBoard();
afterAll(() => board.stop());

kernelContract('emulated', () => board.openKernel());
ivshmemContract(
  'emulated',
  () => board.openKernel(),
  () => ivshmemFiles('imx8mm'),
);
