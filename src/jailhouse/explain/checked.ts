import { cpusOf } from '../../abi/jailhouse/bitmap';
import { decodeConfig } from '../../abi/jailhouse/config/decode';
import { checkConfigs } from '../../config/check/check';
import { findingPage } from '../../config/findings';
import type { DecodedConfig } from '../../abi/jailhouse/config/decode';
import type { Finding } from '../../config/check/finding';
import type { CheckedCell, CheckedSystem } from '../../config/check/subject';
import type { ErrnoName } from '../../errno';
import type { Cell } from '../cell';
import type { Evidence } from './evidence';
import type { ConfigFile, FindCellConfigs } from './refusal';

/**
 * What `jailhouse config check` says of a config that was refused: by itself, or beside the configs of what runs, as far
 * as those are found.
 *
 * @param errno what the driver answered: only findings that it would answer that to are told
 */
export async function explainByCheck(
  bytes: Uint8Array,
  errno: ErrnoName,
  evidence: Evidence,
  findCellConfigs: FindCellConfigs,
): Promise<string | undefined> {
  const decoded = decode({ path: '', bytes });
  if (decoded?.kind !== 'cell') {
    return undefined;
  }
  const cell = { dialect: decoded.dialect, config: decoded.config, isRoot: false, sizeBytes: bytes.length };
  const own = checkConfigs({ cells: [cell] }).find((finding) => fits(finding, errno));
  if (own) {
    return inWords(own);
  }
  const running = await evidence.cells();
  const others = await Promise.all(running.filter(({ id }) => id !== 0).map((one) => findCell(one, findCellConfigs)));
  const beside = others.filter((one) => one !== undefined);
  for (const system of await findSystems(running, findCellConfigs)) {
    const findings = checkConfigs({ system, cells: [...beside, cell] });
    const reason = findings.find(
      (one) => fits(one, errno) && one.places.some((place) => place.cell === cell.config.name),
    );
    if (reason) {
      return `${inWords(reason)}, if ${system.file} is what Jailhouse was enabled with`;
    }
  }
  return undefined;
}

function fits({ code }: Finding, errno: ErrnoName): boolean {
  return findingPage(code).errno === errno;
}

function inWords({ message, code }: Finding): string {
  return `${message} (cellvisor explain ${code})`;
}

async function findSystems(running: readonly Cell[], find: FindCellConfigs): Promise<CheckedSystem[]> {
  const root = running.find(({ id }) => id === 0);
  const files = root ? await find(root.name) : [];
  return files.flatMap((file) => {
    const decoded = decode(file);
    return decoded?.kind === 'system' && decoded.config.rootCell.name === root?.name
      ? [{ file: file.path, dialect: decoded.dialect, config: decoded.config }]
      : [];
  });
}

/** The config of a cell that runs: same name, same CPUs. */
async function findCell({ name, assignedCpus }: Cell, find: FindCellConfigs): Promise<CheckedCell | undefined> {
  for (const file of await find(name)) {
    const decoded = decode(file);
    if (decoded?.kind === 'cell' && decoded.config.name === name) {
      if (cpusOf(decoded.config.cpuSet).join() === assignedCpus.join()) {
        return { file: file.path, dialect: decoded.dialect, config: decoded.config, isRoot: false };
      }
    }
  }
  return undefined;
}

function decode({ bytes }: ConfigFile): DecodedConfig | undefined {
  try {
    return decodeConfig(bytes, { trailing: 'ignore' });
  } catch {
    return undefined; // Somebody's file, of which nobody said that it is a config.
  }
}
