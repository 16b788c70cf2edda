import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatFindings } from '../../../config/check/report';
import { createConfigs } from '../../../config/create/create-configs';
import { parseWish } from '../../../config/plan/wish';
import { KernelError } from '../../../errors';
import { reportHint } from '../../report';
import { reportArgumentError } from '../argparse';
import { HELP, parseCreateArguments, USAGE } from './create-arguments';
import { readFacts } from './create-input';
import type { OutputFile } from '../../../config/create/create-configs';
import type { CommandIo } from '../../command';
import type { CreateArguments } from './create-arguments';

/** What the C tool's collector is, here: our own, under its name. */
const COLLECTOR = `#!/bin/sh
# Collects what "jailhouse config create -r" needs of the board that this runs on.
exec jailhouse config collect "$@"
`;

/** `jailhouse config create` for arm64, which the C tool never had (jailhouse-tools reference 12.1). */
export async function create(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    const parsed = parseCreateArguments(args);
    if (parsed === 'help') {
      io.out(HELP);
      return 0;
    }
    return parsed.collector === undefined ? await run(parsed, io) : writeCollector(parsed.collector);
  } catch (error) {
    return reportArgumentError(error, 'jailhouse config create', USAGE, io);
  }
}

async function run(parsed: CreateArguments, io: CommandIo): Promise<number> {
  const facts = await readFacts(parsed, io);
  if (parsed.file !== undefined) {
    io.err(`no C source is made: '${parsed.file}' is not written\n`);
    reportHint('leave FILE out; -o DIR is the folder for configs and their sources', io);
    return 1;
  }
  const { dialect, deviceRegions, hypervisorBytes, inmateBytes } = parsed;
  const wishes = parsed.wishes.map(parseWish);
  const created = createConfigs(facts, { dialect, wishes, deviceRegions, hypervisorBytes, inmateBytes });
  writeFiles(parsed.output, created.files);
  const { root, cells, notes } = created.plan;
  io.out(`${facts.model}: ${[root, ...cells].map(({ name }) => name).join(', ')}\n`);
  for (const { name } of created.files) io.out(`  ${join(parsed.output, name)}\n`);
  for (const note of notes) io.out(`note: ${note}\n`);
  io.out(`\n${formatFindings(created.findings)}`);
  return created.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
}

function writeCollector(path: string): number {
  writing(path, () => writeFileSync(path, COLLECTOR, { mode: 0o755 }));
  return 0;
}

function writeFiles(folder: string, files: readonly OutputFile[]): void {
  writing(folder, () => mkdirSync(folder, { recursive: true }));
  for (const { name, content } of files) {
    const path = join(folder, name);
    writing(path, () => writeFileSync(path, content));
  }
}

function writing(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    throw new KernelError(`writing ${path}`, errno, { cause: error });
  }
}
