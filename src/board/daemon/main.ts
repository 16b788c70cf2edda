/** The program that is an emulated board: kernel/emulated/start.ts starts it. */
import { machineConstructor } from '../../native/machine';
import { PoweredBoard } from './powered-board';
import { runDaemon } from './run';

void runDaemon((argument, power, journal) => {
  return new PoweredBoard({
    ...argument,
    Machine: machineConstructor(),
    hasTerminals: true,
    journal,
    onReset: () => power.disconnectAll(),
    onStop: () => power.off(),
  });
});
