import { basename } from 'node:path';
import { atol, EXIT_UIO_ERROR } from '../uio-arguments';
import { openUioDevice } from '../uio-open';
import { KernelError } from '../../errors';
import { reportError, reportHint } from '../report';
import { takeTarget } from '../target';
import type { CommandIo } from '../command';

/**
 * `uio_read [--host HOST] DEV COUNT`: waits for COUNT interrupts and prints the event counter with each. A read that fails ends it, unless
 * a signal did it: the C tool would go on and print the same failure for ever. `--realtime` and `--cpu N` are ours: for the time from interrupt
 * to line.
 */
export async function main(words: readonly string[], processIo: CommandIo): Promise<number> {
  const { io, args } = takeTarget(words, processIo);
  const { path, countText, isRealtime, cpu, isUnderstood } = parse(args);
  if (path === undefined || countText === undefined || !isUnderstood) {
    io.out(`USAGE: ${basename(io.programPath, '.js')} <filename> <count>\n`);
    return EXIT_UIO_ERROR;
  }
  if (isRealtime || cpu !== undefined) {
    if (io.env['CELLVISOR_HOST']) {
      io.err('--realtime and --cpu are for the machine that has the device\n');
      reportHint('run uio_read there, or leave them out', io);
      return EXIT_UIO_ERROR;
    }
    const { becomeRealtime, bindToCpu } = await import('../../kernel/hardware/realtime');
    if (cpu !== undefined) bindToCpu(cpu);
    if (isRealtime) becomeRealtime();
  }
  io.out(`[UIO] opening file ${path}\n`);
  const device = await openUioDevice(io, path);
  if (!device) {
    return EXIT_UIO_ERROR;
  }
  await device.armInterrupts();
  io.out('[UIO] reading\n');
  let events = 0;
  // As `while (count--)` in C: a negative count never gets to 0.
  for (let left = atol(countText); left !== 0; left--) {
    try {
      events = await device.waitForInterrupt({ mayBlock: true });
    } catch (error) {
      io.out(`[UIO] buf is ${events}, len -1\n`);
      if (error instanceof KernelError && error.errno === 'EINTR') {
        continue;
      }
      reportError(error, io);
      return EXIT_UIO_ERROR;
    }
    io.out(`[UIO] buf is ${events}, len 4\n`);
  }
  await device.close();
  io.out('[UIO] Exiting...\n');
  return 0;
}

function parse(args: readonly string[]) {
  const others: string[] = [];
  let isRealtime = false;
  let cpu: number | undefined;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] as string;
    if (arg === '--realtime') isRealtime = true;
    else if (arg === '--cpu') cpu = Number(args[++index] || NaN);
    else others.push(arg);
  }
  const [path, countText] = others;
  return { path, countText, isRealtime, cpu, isUnderstood: others.length === 2 };
}
