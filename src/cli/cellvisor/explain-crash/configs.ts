import { decodeConfig } from '../../../abi/jailhouse/config/decode';
import { cpusOf } from '../../../abi/jailhouse/bitmap';
import { ConfigError } from '../../../errors';
import { readInputFile } from '../../jailhouse/input-file';
import { openKeptConfigs } from '../../jailhouse/kept-configs';
import { configsAtHand } from '../../jailhouse/known-configs';
import { UsageError } from '../arguments';
import { USAGE } from './usage';
import type { DecodedConfig } from '../../../abi/jailhouse/config/decode';
import type { CheckedCell, CheckedSystem } from '../../../config/check/subject';
import type { CrashDump, World } from '../../../crash';
import type { ConfigFile } from '../../../jailhouse/explain/refusal';
import type { Kernel } from '../../../kernel/kernel';
import type { CommandIo } from '../../command';

/** Files that the user named. */
export interface NamedConfigs {
  readonly root: string | undefined;
  readonly cells: readonly string[];
  /** Whose console the crash was read from: what runs there now is what crashed. */
  readonly live: Kernel | undefined;
}

interface Read {
  readonly file: string;
  readonly decoded: DecodedConfig;
}

/**
 * The configs of what ran: those that the user named, else the copies of what runs, else a file that can only be meant.
 * @throws KernelError, ConfigError for a file that the user named
 */
export async function gatherWorld(
  dump: CrashDump,
  named: NamedConfigs,
  io: CommandIo,
): Promise<{ world: World; doubts: readonly string[] }> {
  if (named.root !== undefined || named.cells.length > 0) {
    const system = named.root === undefined ? undefined : readNamed(named.root);
    if (system && system.decoded.kind !== 'system') {
      throw new UsageError(`--root: ${system.file} is the config of a cell; it is given by --cell`, USAGE);
    }
    const cells = named.cells.map(readNamed);
    return { world: worldOf(system ? [system, ...cells] : cells), doubts: [] };
  }
  const kept = named.live ? await keptConfigs(named.live, io) : [];
  if (kept.length > 0) {
    return { world: worldOf(kept), doubts: [] };
  }
  return configsByName(dump);
}

async function keptConfigs(kernel: Kernel, io: CommandIo): Promise<Read[]> {
  const copies = (await openKeptConfigs(kernel, io.env)?.all()) ?? [];
  return copies.flatMap(({ bytes }) => readQuietly({ path: 'our own copy, kept when it was created', bytes }));
}

/** Boards have cells of the same names: only one that cannot be mistaken is taken. */
async function configsByName({ cell: name, cpu }: CrashDump): Promise<{ world: World; doubts: readonly string[] }> {
  const read = name === undefined ? [] : (await configsAtHand()).flatMap(readQuietly);
  const candidates = read.filter(({ decoded }) => {
    const cell = decoded.kind === 'system' ? decoded.config.rootCell : decoded.config;
    return cell.name === name && (cpu === undefined || cpusOf(cell.cpuSet).includes(cpu));
  });
  if (candidates.length < 2) {
    return { world: worldOf(candidates), doubts: [] };
  }
  const files = candidates.map(({ file }) => file).join(', ');
  return {
    world: worldOf([]),
    doubts: [`several configs have this cell (${files}): say which one by --cell or --root`],
  };
}

function readNamed(file: string): Read {
  try {
    return { file, decoded: decodeConfig(readInputFile(file), { trailing: 'ignore' }) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { code, operation, field, offset, hint } = error;
    throw new ConfigError(`${file}: ${error.message}`, { code, operation, field, offset, hint, cause: error });
  }
}

function readQuietly({ path, bytes }: ConfigFile): Read[] {
  try {
    return [{ file: path, decoded: decodeConfig(bytes, { trailing: 'ignore' }) }];
  } catch {
    return []; // Somebody's file, of which nobody said that it is a config.
  }
}

function worldOf(read: readonly Read[]): World {
  const cells: CheckedCell[] = [];
  let system: CheckedSystem | undefined;
  for (const { file, decoded } of read) {
    if (decoded.kind === 'system') {
      system ??= { file, dialect: decoded.dialect, config: decoded.config };
    } else {
      cells.push({ file, dialect: decoded.dialect, config: decoded.config, isRoot: false });
    }
  }
  return { system, cells };
}
