import { existsSync, readFileSync } from 'node:fs';
import { codeAddresses, explainCrash, findSourceLines, imageProgram, parseCrashLog, readElf } from '../../../crash';
import { CellvisorError } from '../../../errors';
import { Jailhouse } from '../../../jailhouse/jailhouse';
import { readInputFile } from '../../jailhouse/input-file';
import { strtoll } from '../../jailhouse/strtoll';
import { parseOptions, printHelp, UsageError } from '../arguments';
import { gatherWorld } from './configs';
import { crashToJson, showCrashes } from './show';
import { USAGE } from './usage';
import type { Kernel } from '../../../kernel/kernel';
import type { CommandIo } from '../../command';
import type { CrashDump, Program } from '../../../crash';

const OPTIONS = {
  live: { type: 'boolean' },
  cell: { type: 'string', multiple: true },
  root: { type: 'string' },
  elf: { type: 'string' },
  image: { type: 'string' },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Larger logs are read from their end, where the newest crash is. */
const LOG_LIMIT_BYTES = 64 * 2 ** 20;

/** Whether the arguments of `cellvisor explain` are about a crash: a file, stdin, or the console. Codes of findings have no dot. */
export function isAboutCrash(args: readonly string[]): boolean {
  const hasOption = args.some((word) => /^--(live|elf|image|cell|root|all)(=|$)/.test(word));
  return (
    hasOption || args.some((word) => word === '-' || (!word.startsWith('-') && (/[./]/.test(word) || existsSync(word))))
  );
}

/** `cellvisor explain LOG`, `cellvisor explain --live` */
export async function explainCrashLog(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
  if (values.help) return printHelp(io, USAGE);
  const [path, ...others] = positionals;
  if (others.length > 0 || (path === undefined) === (values.live !== true)) {
    throw new UsageError('one LOG, or --live', USAGE);
  }
  if (values.elf !== undefined && values.image !== undefined) {
    throw new UsageError('--elf or --image, not both', USAGE);
  }
  const program = readProgram(values.elf, values.image);
  const live = path === undefined ? await io.openKernel(io.env) : undefined;
  const log = live ? await readConsole(live) : readLog(path ?? '-');
  const found = parseCrashLog(log);
  const dumps = values.all ? found : found.slice(-1);
  if (dumps.length === 0) {
    io.err(`${path ?? 'the console'}: no crash of a cell is in this log\n`);
    return 1;
  }
  const configs = { root: values.root, cells: values.cell ?? [], live };
  const explanations = [];
  for (const dump of dumps) {
    const world = await gatherWorld(dump, configs, io);
    const sourceLines = await linesOf(dump, values.elf);
    const { doubts, ...explanation } = explainCrash(dump, { world: world.world, program, sourceLines });
    explanations.push({ ...explanation, doubts: [...world.doubts, ...doubts] });
  }
  const earlier = found.length - dumps.length;
  io.out(values.json ? crashToJson(explanations) : showCrashes(explanations, earlier));
  return 0;
}

async function linesOf(dump: CrashDump, elf: string | undefined) {
  const addresses = codeAddresses(dump);
  return elf === undefined || addresses.length === 0 ? undefined : findSourceLines(elf, addresses);
}

function readProgram(elf: string | undefined, image: string | undefined): Program | undefined {
  if (elf !== undefined) {
    return readElf(elf, readInputFile(elf));
  }
  if (image === undefined) {
    return undefined;
  }
  const [, file = image, address = '0'] = /^(.+)@([^@]+)$/.exec(image) ?? [];
  const { value, complete, outOfRange } = strtoll(address);
  if (!complete || outOfRange) {
    throw new UsageError(`--image: '${address}' is no address`, USAGE);
  }
  return imageProgram(file, readInputFile(file), BigInt.asUintN(64, value));
}

/** Console logs are bytes; what is not ASCII is noise of the wire. */
function readLog(path: string): string {
  const bytes = path === '-' ? readStdin() : readInputFile(path);
  return Buffer.from(bytes.subarray(Math.max(0, bytes.length - LOG_LIMIT_BYTES))).toString('latin1');
}

function readStdin(): Uint8Array {
  try {
    return readFileSync(0);
  } catch (cause) {
    throw new CellvisorError('stdin cannot be read', { code: 'E_STDIN', operation: 'read log', cause });
  }
}

async function readConsole(kernel: Kernel): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of new Jailhouse(kernel).console()) {
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('latin1');
}
