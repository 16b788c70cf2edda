import type { Linux } from '../linux/linux';

/** /proc/uptime: seconds since power-on, and all CPUs' idle time. Linux of an emulated board is always idle. */
export function uptimeText({ machine, cpus }: Linux): string {
  const hundredths = Number(machine.nowNs() / 10_000_000n);
  const seconds = (value: number) => (value / 100).toFixed(2);
  return `${seconds(hundredths)} ${seconds(hundredths * cpus.online.length)}\n`;
}
