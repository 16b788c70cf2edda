/** What differs from run to run, and what stands for it in a golden transcript. Nothing else may differ. */
const MASKS: readonly { readonly what: string; readonly pattern: RegExp; readonly replacement: string }[] = [
  { what: 'time in the kernel log', pattern: /\[ *\d+\.\d{6}\]/g, replacement: '[TIME]' },
  {
    what: 'measured jitter',
    pattern: /jitter: +-?\d+ ns, min: +-?\d+ ns, max: +-?\d+ ns/g,
    replacement: 'jitter: N ns, min: N ns, max: N ns',
  },
  { what: 'value of a VM-exit counter', pattern: /^(vmexits_\w+) +\d+$/gm, replacement: '$1 N' },
  { what: 'process number of the board', pattern: /, process \d+,/g, replacement: ', process N,' },
  { what: 'number of a pseudo-terminal', pattern: /\/dev\/pts\/\d+/g, replacement: '/dev/pts/N' },
];

export function mask(transcript: string): string {
  const masked = MASKS.reduce((text, { pattern, replacement }) => text.replace(pattern, replacement), transcript);
  return sortCounters(masked);
}

/** Counters are shown by value; without their values, by name. */
function sortCounters(text: string): string {
  return text.replace(/(?:^vmexits_\w+ N\n)+/gm, (rows) =>
    rows
      .split(/(?<=\n)/)
      .sort()
      .join(''),
  );
}
