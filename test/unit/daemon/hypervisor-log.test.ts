import { HypervisorLog } from '../../../src/board/daemon/hypervisor-log';
import { FakeMachine } from '../../support/fake-machine';
import type { Machine, MachineHypervisorOptions } from '../../../src/board/machine';

const withConsole = { virtualConsole: true } as MachineHypervisorOptions;

function poweredMachine() {
  const hypervisorLog = new HypervisorLog();
  const Observed = hypervisorLog.drained(FakeMachine);
  const machine: Machine = new Observed({ onEvents: () => undefined } as never);
  const text = () => Buffer.from(hypervisorLog.log.read(0).bytes).toString();
  return { hypervisorLog, machine, text };
}

test('keeps what the ring forgot', () => {
  const { machine, text } = poweredMachine();
  machine.enable(withConsole);
  let written = '';
  for (let line = 0; line < 200; line++) {
    machine.consoleWrite(`line ${line} of many that do not fit into the ring\n`);
    written += `line ${line} of many that do not fit into the ring\n`;
  }
  expect(text()).toBe(written);
});

test('goes on when the hypervisor is enabled again and its ring begins anew', () => {
  const { machine, text } = poweredMachine();
  machine.enable(withConsole);
  machine.consoleWrite('first time, a longer text\n');
  machine.disable();
  machine.enable(withConsole);
  machine.consoleWrite('second\n');
  expect(text()).toBe('first time, a longer text\nsecond\n');
});

test('says how much it missed of a burst that came from CPUs', () => {
  const { hypervisorLog, machine, text } = poweredMachine();
  machine.enable(withConsole);
  machine.consoleWrite('a'.repeat(100));
  FakeMachine.prototype.consoleWrite.call(machine, 'b'.repeat(3000)); // past the model, as a CPU's report
  hypervisorLog.drain(machine);
  expect(text()).toBe(`${'a'.repeat(100)}<missed 952 bytes of console log>\n${'b'.repeat(2048)}`);
});

test('is empty without a virtual console', () => {
  const { machine, text } = poweredMachine();
  machine.enable({ virtualConsole: false } as MachineHypervisorOptions);
  machine.consoleWrite('only on the UART\n');
  expect(text()).toBe('');
});
