import { XlConfigError } from './xl-config-error';

/** How much an interface may send: `bytesPerInterval` bytes in each interval. */
export interface RateLimit {
  readonly bytesPerInterval: bigint;
  readonly intervalMicroseconds: number;
}

const RATE = /^([0-9]+)([GMK]?)([Bb])\/s(?:@([0-9]+)([mu]?)s)?$/;
const UNITS: Readonly<Record<string, bigint>> = { '': 1n, K: 1_000n, M: 1_000_000n, G: 1_000_000_000n };
const MICROSECONDS: Readonly<Record<string, number>> = { u: 1, m: 1_000, '': 1_000_000 };
const DEFAULT_INTERVAL_MICROSECONDS = 50_000;

/** `10Mb/s`, `1MB/s@20ms`: `b` bits, `B` bytes, in SI units (xl-network-configuration(5)). */
export function parseRate(text: string, file: string): RateLimit {
  const [matched, amount = '', unit = '', size, interval, intervalUnit = ''] = RATE.exec(text) ?? [];
  const intervalMicroseconds =
    interval === undefined ? DEFAULT_INTERVAL_MICROSECONDS : Number(interval) * (MICROSECONDS[intervalUnit] ?? 1);
  if (matched === undefined || amount.length > 12 || intervalMicroseconds < 1 || intervalMicroseconds > 0xffff_ffff) {
    throw new XlConfigError(`${file}: config parsing error in vif: invalid rate in \`${text}'`, {
      code: 'E_XLCFG_VALUE',
      key: 'vif',
      hint: 'a rate is a number, K, M or G, b for bits or B for bytes, /s, and an interval: 10Mb/s, 1MB/s@20ms',
    });
  }
  const bytesPerSecond = (BigInt(amount) * (UNITS[unit] ?? 1n)) / (size === 'b' ? 8n : 1n);
  return { bytesPerInterval: (bytesPerSecond * BigInt(intervalMicroseconds)) / 1_000_000n, intervalMicroseconds };
}
