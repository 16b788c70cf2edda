const UNITS: Readonly<Record<string, bigint>> = { '': 1n, K: 1n << 10n, M: 1n << 20n, G: 1n << 30n };

/** `64M`, `512K`, `1G` or `0x10000`, in bytes; undefined for anything else. */
export function parseSize(text: string): bigint | undefined {
  const match = /^(0x[0-9a-fA-F]{1,12}|\d{1,12})([KMG]?)$/i.exec(text);
  return match ? BigInt(match[1] as string) * (UNITS[(match[2] ?? '').toUpperCase()] ?? 1n) : undefined;
}

/** `64 MiB`, as people say it. */
export function showSize(bytes: bigint): string {
  for (const [unit, size] of [
    ['GiB', 1n << 30n],
    ['MiB', 1n << 20n],
    ['KiB', 1n << 10n],
  ] as const) {
    if (bytes >= size && bytes % size === 0n) return `${bytes / size} ${unit}`;
  }
  return `${bytes} bytes`;
}
