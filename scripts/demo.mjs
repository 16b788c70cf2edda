// npm run demo: plays the sessions of NXP's i.MX Virtualization User's Guide on an emulated i.MX 8M Mini EVK.
//   node scripts/demo.mjs [gic | ivshmem | fault] ...     only these; default: all three
//   CELLVISOR_DEMO_BACKEND=bridge         the commands make system calls, which the bridge answers (cellvisor run)
// Exits with 0 only when everything happened that the text promises.
import { existsSync } from 'node:fs';
import { Mishap, Stage } from './demo/stage.mjs';

const BOARD = 'imx8mm-evk';
/** Hypervisor and inmates print to it, as on the EVK; a running inmate goes on printing while other lines come. */
const UART = 'uart2';
const BEAT = /^Timer fired, /;

const sessions = { gic, ivshmem, fault };

async function main(names) {
  const unknown = names.find((name) => !(name in sessions));
  if (unknown !== undefined) {
    throw new Mishap(`there is no session "${unknown}": ${Object.keys(sessions).join(', ')}`);
  }
  if (!existsSync(new URL('../dist/bin/jailhouse.js', import.meta.url))) {
    throw new Mishap('the commands are not built yet: npm install');
  }
  const stage = new Stage(BOARD);
  const stopOnSignal = () => void stage.close().finally(() => process.exit(130));
  process.once('SIGINT', stopOnSignal);
  process.once('SIGTERM', stopOnSignal);
  try {
    await powerOn(stage);
    for (const name of names.length > 0 ? names : Object.keys(sessions)) {
      await sessions[name](stage);
    }
    await disable(stage);
    stage.title('Power off');
    await stage.run(`cellvisor board stop ${BOARD}`);
    stage.say('\nThe demo is over: everything happened as it should.');
  } finally {
    await stage.close();
  }
}

async function powerOn(stage) {
  stage.say(
    'An emulated i.MX 8M Mini EVK runs the sessions of NXP\'s i.MX Virtualization User\'s Guide. Lines with "#" are the',
  );
  stage.say(
    'commands as you can type them; "kernel" is what Linux logs, "uart2" the serial console, where the hypervisor and the',
  );
  stage.say('inmates print. The inmates are arm64 machine code, executed as you watch: nothing here is canned.');
  stage.title('Power the board on and enable Jailhouse (guide, 2.4)');
  await stage.run(`cellvisor board start ${BOARD}`);
  await stage.run('jailhouse enable cells/imx8mm.cell');
  await stage.watch(UART, 'Activating hypervisor');
  await stage.watch('kernel', 'The Jailhouse is opening.');
}

async function gic(stage) {
  stage.title('A cell of its own for one CPU: timer interrupts (guide, 2.6.1)');
  await create(stage, 'gic-demo');
  await expectOutput(stage.run('jailhouse cell list'), /^1 +gic-demo +shut down +3 /m);
  await loadAndStart(stage, 'gic-demo');
  await stage.watch(UART, (lines) => lines.filter((line) => BEAT.test(line)).length === 5, {
    what: 'five timer interrupts',
  });
  const stats = await stage.run('jailhouse cell stats 1');
  if (!(counter(stats, 'vmexits_virt_irq') >= 5)) {
    throw new Mishap('the cell has got less than five interrupts');
  }
  await stage.run('jailhouse cell shutdown 1');
  await stage.watch(UART, 'Cell "gic-demo" can be loaded', { skip: BEAT });
  await expectOutput(stage.run('jailhouse cell list'), /^1 +gic-demo +shut down +3 /m);
  await destroy(stage, 'gic-demo');
}

async function ivshmem(stage) {
  stage.title('Shared memory and doorbells between Linux and a cell (guide, 2.4 and 2.6.2)');
  await create(stage, 'ivshmem-demo');
  await loadAndStart(stage, 'ivshmem-demo');
  await stage.watch(UART, 'IVSHMEM: waiting for interrupt.');
  const before = interrupts(await stage.run('cellvisor board cat /proc/interrupts', { grep: 'uio' }));
  const reader = await stage.start('uio_read /dev/uio0 1', '[UIO] reading');
  await stage.run('uio_send /dev/uio0 1 0 0');
  await stage.watch(UART, 'IVSHMEM: waiting for interrupt.');
  await expectOutput(reader.finish(), /^\[UIO\] buf is \d+, len 4$/m);
  const after = interrupts(await stage.run('cellvisor board cat /proc/interrupts', { grep: 'uio' }));
  if (before !== 1 || after !== 2) {
    throw new Mishap(`/proc/interrupts counted ${before}, then ${after}: one interrupt each was expected`);
  }
  await destroy(stage, 'ivshmem-demo');
}

async function fault(stage) {
  stage.title('A cell that reaches outside its memory is parked; Linux and the board go on');
  await create(stage, 'fault-demo');
  await loadAndStart(stage, 'fault-demo');
  await stage.watch(UART, 'Parking CPU 3 (Cell: "fault-demo")');
  await expectOutput(stage.run('jailhouse cell list'), /^1 +fault-demo +failed +3 +3 /m);
  stage.title('Its CPU is taken: an error says what to do about it');
  const refused = stage.run('jailhouse cell create cells/imx8mm-gic-demo.cell', { exitCode: 1 });
  await expectOutput(refused, /^hint: CPU 3 belongs to cell "fault-demo" \(id 1\)/m);
  await destroy(stage, 'fault-demo');
}

async function create(stage, cell) {
  await stage.run(`jailhouse cell create cells/imx8mm-${cell}.cell`);
  await stage.watch('kernel', 'psci: CPU3 killed.');
  await stage.watch(UART, 'Page pool usage after cell creation');
  await stage.watch('kernel', `Created Jailhouse cell "${cell}"`);
}

async function loadAndStart(stage, cell) {
  await stage.run(`jailhouse cell load 1 inmates/${cell}.bin`);
  await stage.watch(UART, `Cell "${cell}" can be loaded`);
  await stage.run('jailhouse cell start 1');
  await stage.watch(UART, `Started cell "${cell}"`);
}

async function destroy(stage, cell) {
  await stage.run('jailhouse cell destroy 1');
  await stage.watch(UART, 'Page pool usage after cell destruction');
  await stage.watch('kernel', `Destroyed Jailhouse cell "${cell}"`);
}

async function disable(stage) {
  stage.title('Back to plain Linux');
  await stage.run('jailhouse disable');
  await stage.watch(UART, (lines) => lines.filter((line) => line.includes('Releasing CPU')).length === 4, {
    what: 'all four CPUs',
  });
  await stage.watch('kernel', 'The Jailhouse was closed.');
}

async function expectOutput(output, pattern) {
  if (!pattern.test(await output)) {
    throw new Mishap(`the last output does not have what was expected: ${pattern}`);
  }
}

function counter(table, name) {
  return Number(new RegExp(`^${name} +(\\d+)`, 'm').exec(table)?.[1]);
}

/** Sum over the CPUs of a line of /proc/interrupts. */
function interrupts(line) {
  const counts = /^ *\d+:((?: +\d+)+) /.exec(line)?.[1] ?? '';
  return counts
    .trim()
    .split(/ +/)
    .reduce((sum, count) => sum + Number(count), 0);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(`\nThe demo failed: ${error instanceof Mishap ? error.message : error.stack}`);
  process.exitCode = 1;
});
