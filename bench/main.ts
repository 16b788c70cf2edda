import { writeFileSync } from 'node:fs';
import { checker } from './checker';
import { codec } from './codec';
import { core } from './core';
import { dashboard } from './dashboard';
import { doorbell } from './doorbell';
import { formatDocument } from './harness/document';
import { describeMachine } from './harness/machine';
import { inPackage } from './harness/paths';
import { formatTable } from './harness/table';
import { linux } from './linux';
import { sampling } from './sampling';
import { start } from './start';
import { startup } from './startup';
import { uio } from './uio';
import { xen } from './xen';
import type { Measured } from './harness/document';

const BENCHMARKS = [core, linux, start, doorbell, startup, uio, codec, checker, sampling, dashboard, xen];

void main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((argument) => !argument.startsWith('--'));
  const wrong = args.find(
    (argument) => !['--json', '--write', ...BENCHMARKS.map(({ name }) => name)].includes(argument),
  );
  const [isJson, isWritten] = [args.includes('--json'), args.includes('--write')];
  if (wrong !== undefined || (isWritten && names.length > 0)) {
    console.error(`usage: npm run bench -- [${BENCHMARKS.map(({ name }) => name).join('|')}]... [--json] | --write`);
    process.exitCode = 1;
    return;
  }
  const machine = await describeMachine();
  const measured: Measured[] = [];
  if (!isJson) console.log(`${machine}\n`);
  for (const benchmark of BENCHMARKS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const rows = await benchmark.run();
    measured.push({ benchmark, rows });
    if (!isJson) console.log(`${benchmark.title}\n\n${formatTable(rows)}\n`);
  }
  if (isJson) console.log(JSON.stringify({ machine, benchmarks: measured.map(jsonOf) }, undefined, 2));
  if (isWritten) writeFileSync(inPackage('docs/performance.md'), formatDocument(machine, measured));
}

function jsonOf({ benchmark, rows }: Measured) {
  return { name: benchmark.name, rows };
}
