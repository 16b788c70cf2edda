import { decodeConfig } from '../../abi/jailhouse/config/decode';
import { checkConfigs } from '../../config/check/check';
import { formatFindings } from '../../config/check/report';
import { CellvisorError } from '../../errors';
import { readWholeFile } from './files';
import type { CheckedCell, CheckedSystem, Subject } from '../../config/check/subject';
import type { KnownConfig } from '../model/board';
import type { Hand } from '../model/hand';

/** A config that was read and checked, and what a person should know before it is used. */
export interface CheckedHand {
  readonly hand: Hand;
  readonly question: string;
  readonly details: readonly string[];
}

/**
 * Reads a config and checks it against the system and the cells that run, as far as their configs are known.
 *
 * @param running configs of the cells that exist, by their ids
 * @throws CellvisorError when the file cannot be read, or is not what it has to be
 */
export async function checkFile(
  purpose: 'create' | 'enable',
  path: string,
  running: ReadonlyMap<number, KnownConfig>,
): Promise<CheckedHand> {
  const config = await readWholeFile(path);
  const decoded = decodeConfig(config, { trailing: 'ignore' });
  if ((decoded.kind === 'system') !== (purpose === 'enable')) throw wrongKind(path, purpose);
  const given = { file: path, dialect: decoded.dialect, sizeBytes: config.length };
  const subject: Subject =
    decoded.kind === 'system'
      ? { system: { ...given, config: decoded.config }, cells: [] }
      : {
          system: systemOf(running),
          cells: [...cellsOf(running), { ...given, config: decoded.config, isRoot: false }],
        };
  const name = decoded.kind === 'system' ? decoded.config.rootCell.name : decoded.config.name;
  const all = checkConfigs(subject);
  // What is wrong between cells that run already is no news.
  const findings = all.filter(({ places }) => places.some((place) => place.file === path || place.cell === name));
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const isSystemUnknown = purpose === 'create' && subject.system === undefined;
  const details = [
    ...formatFindings(findings).trimEnd().split('\n'),
    ...(isSystemUnknown ? ['(The system config is not known: only the cell itself was checked.)'] : []),
  ];
  const doubt = errors > 0 ? `, with ${errors} error${errors === 1 ? '' : 's'}` : '';
  return purpose === 'create'
    ? { hand: { kind: 'create', path, config }, question: `Create cell ${name}${doubt}?`, details }
    : { hand: { kind: 'enable', path, config }, question: `Enable Jailhouse with ${name}${doubt}?`, details };
}

function systemOf(running: ReadonlyMap<number, KnownConfig>): CheckedSystem | undefined {
  for (const { dialect, system } of running.values()) {
    if (system) return { dialect, config: system };
  }
  return undefined;
}

function cellsOf(running: ReadonlyMap<number, KnownConfig>): CheckedCell[] {
  return [...running.values()].flatMap(({ dialect, cell, system }) =>
    system ? [] : [{ dialect, config: cell, isRoot: false }],
  );
}

function wrongKind(path: string, purpose: 'create' | 'enable'): CellvisorError {
  const [is, hint] =
    purpose === 'create'
      ? ['a system config', 'cells are created from the config of a cell; E enables Jailhouse with a system config']
      : ['the config of a cell', 'Jailhouse is enabled with a system config; n creates a cell'];
  return new CellvisorError(`${path} is ${is}`, { code: 'E_FILE', operation: `reading ${path}`, hint });
}
