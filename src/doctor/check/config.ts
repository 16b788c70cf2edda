import { revisionsOfDriver } from '../../abi/jailhouse';
import { examineConfig } from '../examined-config';
import { ok, problem, warning } from '../finding';
import type { ConfigFile } from '../../jailhouse/explain/refusal';
import type { ExaminedConfig } from '../examined-config';
import type { Finding } from '../finding';
import type { LiveSystem } from '../live-system';

export interface NamedConfigs {
  readonly root: ExaminedConfig | undefined;
  readonly cells: readonly ExaminedConfig[];
  readonly findings: readonly Finding[];
}

const OWN_REVISION = 'use the files of the same Jailhouse build as jailhouse.ko';

/** The files that were named are what they were named as, and of the revision that the driver was built for. */
export async function checkNamedConfigs(
  system: LiveSystem,
  root: ConfigFile | undefined,
  cells: readonly ConfigFile[],
): Promise<NamedConfigs> {
  const accepted = await acceptedRevisions(system);
  const named = [
    ...(root ? [{ file: root, kind: 'system' as const }] : []),
    ...cells.map((file) => ({ file, kind: 'cell' as const })),
  ];
  const results = named.map(({ file, kind }) => {
    const config = examineConfig(file);
    return { config, kind, fault: whatIsWrong(file, config, kind, accepted) };
  });
  const usable = results.flatMap(({ config, kind, fault }) =>
    fault || typeof config === 'string' ? [] : [{ config, kind }],
  );
  const faults = results.flatMap(({ fault }) => fault ?? []);
  const configs = usable.map(({ config }) => config);
  return {
    root: usable.find(({ kind }) => kind === 'system')?.config,
    cells: usable.flatMap(({ config, kind }) => (kind === 'cell' ? [config] : [])),
    findings: faults.length > 0 ? faults : [...mixedDialects(configs), ...inOrder(configs)],
  };
}

/** Files that lie around: whether this driver takes them. */
export async function checkConfigsAtHand(system: LiveSystem, files: readonly ConfigFile[]): Promise<Finding[]> {
  const accepted = await acceptedRevisions(system);
  const foreign = files.filter((file) => {
    const config = examineConfig(file);
    return typeof config !== 'string' && accepted !== undefined && !accepted.includes(config.revision);
  });
  return foreign.length === 0
    ? []
    : [
        warning(
          'config.other-revision',
          `${foreign.length} of ${files.length} configs at hand are of a revision that this driver does not take (${foreign[0]?.path})`,
          OWN_REVISION,
        ),
      ];
}

async function acceptedRevisions(system: LiveSystem): Promise<readonly number[] | undefined> {
  const version = await system.line('/sys/module/jailhouse/version');
  return version === undefined ? undefined : revisionsOfDriver(version);
}

function whatIsWrong(
  { path }: ConfigFile,
  config: ExaminedConfig | string,
  wanted: ExaminedConfig['kind'],
  accepted: readonly number[] | undefined,
): Finding | undefined {
  if (typeof config === 'string') return problem('config.damaged', `${path}: ${config}`, 'compile the config again');
  if (config.kind !== wanted) {
    return wanted === 'system'
      ? problem('config.kind', `${path} is the config of a cell, not of a system`, 'name the root cell with --root')
      : problem('config.kind', `${path} is a system config, not of a cell`, 'name it with --root');
  }
  if (accepted && !accepted.includes(config.revision)) {
    return problem(
      'config.revision',
      `${path} has revision ${config.revision}; the driver takes ${accepted.join(' or ')}`,
      OWN_REVISION,
    );
  }
  if (config.fault !== undefined)
    return problem('config.damaged', `${path}: ${config.fault}`, 'compile the config again');
  const architecture = config.system?.architecture ?? config.cell?.architecture ?? 'arm64';
  return architecture === 'arm64'
    ? undefined
    : problem('config.architecture', `${path} is for ${architecture}`, 'use the configs of an arm64 board');
}

/** NXP and upstream have different structs of one revision, and the driver does not notice (jailhouse-abi reference 0). */
function mixedDialects(configs: readonly ExaminedConfig[]): Finding[] {
  const [first, ...others] = configs;
  const other = others.find(({ dialect }) => dialect !== first?.dialect);
  return first && other
    ? [
        problem(
          'config.mixed',
          `${first.path} is ${first.dialect}, ${other.path} is ${other.dialect}: one of them is for another driver`,
          OWN_REVISION,
        ),
      ]
    : [];
}

function inOrder(configs: readonly ExaminedConfig[]): Finding[] {
  return configs.map(({ path, revision, dialect }) => ok('config', `${path}: revision ${revision} (${dialect})`));
}
