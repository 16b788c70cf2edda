import { basename } from 'node:path';
import { reportHint } from '../report';
import { takeTarget } from '../target';
import { atol, EXIT_UIO_ERROR, parseInterval } from '../uio-arguments';
import { openUioDevice } from '../uio-open';
import type { UioDevice } from '../../uio/uio-device';
import type { CommandIo } from '../command';

const DEFAULT_INTERVAL_MS = 1000;

/**
 * `uio_send [--host HOST] [--interval TIME] DEV COUNT CMD DEST`: rings the doorbell COUNT times. Lines as in the guide's section 2.6.2;
 * what it shows as "writingV 0" is the doorbell value, `[UIO] writing 0`.
 */
export async function main(words: readonly string[], processIo: CommandIo): Promise<number> {
  const { io, args } = takeTarget(words, processIo);
  const ours = args[0] === '--interval';
  const intervalMs = ours ? parseInterval(args[1] ?? '') : DEFAULT_INTERVAL_MS;
  const [path, countText, commandText, destText, ...others] = ours ? args.slice(2) : args;
  if (intervalMs === undefined || path === undefined || destText === undefined || others.length > 0) {
    io.out(`USAGE: ${basename(io.programPath, '.js')} <filename> <count> <cmd> <dest>\n`);
    return EXIT_UIO_ERROR;
  }
  const count = atol(countText ?? '');
  const vector = atol(commandText ?? '') & 0xffff;
  const peer = atol(destText) & 0xffff;
  io.out(`[UIO] opening file ${path}\n`);
  const device = await openUioDevice(io, path);
  if (!device) {
    return EXIT_UIO_ERROR;
  }
  io.out(`[UIO] count is ${count}\n`);
  io.out(`[UIO] writing ${((peer << 16) | vector) >>> 0}\n`);
  reportHint(await unheard(device, peer), io);
  for (let index = 0; index < count; index++) {
    io.out(`[UIO] ping #${index}\n`);
    await device.ring(peer, vector);
    await sleep(intervalMs);
  }
  await device.close();
  io.out('[UIO] Exiting...\n');
  return 0;
}

/** The guide's `0 0` is right for v1, where DEST does not matter. In v2 it is an end of the link, and ours is often 0. */
async function unheard(device: UioDevice, peer: number): Promise<string | undefined> {
  if (device.version === 1) {
    return undefined;
  }
  const [own, peers] = [await device.position(), await device.peers()];
  const others = Array.from({ length: peers }, (_, index) => index).filter((index) => index !== own);
  return others.includes(peer)
    ? undefined
    : `this is an ivshmem v2 device and this end is ${own} of ${peers}: nobody else hears DEST ${peer}; use ${others.join(' or ')}`;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
