/** The program that is an emulated board: kernel/emulated/start.ts starts it. */
import { PoweredBoard } from './powered-board';
import { runDaemon } from './run';

void runDaemon((argument, power, journal) => new PoweredBoard(argument, power, journal));
