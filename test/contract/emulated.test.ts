import { EmulatedBoard } from '../support/emulated-board';
import { kernelContract } from './kernel-contract';

const board = new EmulatedBoard();
afterAll(() => board.stop());

kernelContract('emulated', () => board.openKernel());
