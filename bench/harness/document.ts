import { formatTable } from './table';
import type { Benchmark, Row } from './result';

export interface Measured {
  readonly benchmark: Benchmark;
  readonly rows: readonly Row[];
}

const HEAD = `# Performance

Written by \`npm run bench -- --write\`. Figures are medians; a ratio compares with a peer in the same run, in turns. The machine
also did other things, so figures vary by some ten percent from run to run. Measure on yours: \`npm run bench\`, or one
benchmark with the command above its table.
`;

/** docs/performance.md */
export function formatDocument(machine: string, measured: readonly Measured[]): string {
  const sections = measured.map(
    ({ benchmark: { name, title, method }, rows }) =>
      `## ${title}\n\n    npm run bench -- ${name}\n\n${method}\n\n${rows.length > 0 ? formatTable(rows) : 'Not measured on this machine.'}\n`,
  );
  return [HEAD, `Machine: ${machine}.\n`, ...sections].join('\n');
}
