import type { InterruptLine } from '../linux/interrupts';
import type { Linux } from '../linux/linux';

const IRQ_WIDTH = 3;
const COUNT_WIDTH = 10;

/**
 * /proc/interrupts, with the interrupts that are counted here. Lines are those of the NXP guide, 2.6.2:
 * `234:          6          0          0          0      GICv3   88 Edge      uio_ivshmem`.
 */
export function interruptsText({ cpus, interrupts }: Linux): string {
  const columns = cpus.possible;
  const header = ' '.repeat(IRQ_WIDTH + 8) + columns.map((cpu) => `CPU${cpu}`.padEnd(COUNT_WIDTH + 1)).join('');
  return [header, ...interrupts.lines().map((line) => lineText(line, columns))].map((line) => `${line}\n`).join('');
}

function lineText({ irq, intid, counts, names }: InterruptLine, online: readonly number[]): string {
  const columns = online.map((cpu) => `${counts.get(cpu) ?? 0}`.padStart(COUNT_WIDTH)).join(' ');
  const number = `${irq}`.padStart(IRQ_WIDTH);
  return `${number}: ${columns}      GICv3 ${`${intid}`.padStart(4)} Edge      ${names.join(', ')}`;
}
