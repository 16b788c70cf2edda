/** The program that is an emulated board: kernel/emulated/start.ts starts it. */
import { loadAddon } from '../../native/addon';
import { PoweredBoard } from './powered-board';
import { runDaemon } from './run';
import type { MachineConstructor } from '../machine';

void runDaemon((argument, power, journal) => {
  const { Machine } = loadAddon<{ readonly Machine: MachineConstructor }>();
  return new PoweredBoard({
    ...argument,
    Machine,
    hasTerminals: true,
    journal,
    onReset: () => power.disconnectAll(),
    onStop: () => power.off(),
  });
});
