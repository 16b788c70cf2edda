import { encodeConfig } from '../../abi/jailhouse';
import { forDialect } from '../builder';
import { checkConfigs } from '../check/check';
import { makeOverlay } from '../overlay/overlay';
import { buildCell, buildRoot, sourceDialect } from '../plan/build';
import { planSystem } from '../plan/plan-system';
import { reservationsOf } from './reservations';
import { readme } from './readme';
import { buildScript, cellSource, rootSource } from './source';
import type { CellConfig, Dialect, SystemConfig } from '../../abi/jailhouse';
import type { Finding } from '../check/finding';
import type { Overlay } from '../overlay/overlay';
import type { Plan, PlannedCell } from '../plan/plan';
import type { PlanOptions } from '../plan/plan-system';
import type { BoardFacts } from './board-facts';

export interface OutputFile {
  /** Without folder. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

export interface CreatedCell {
  readonly planned: PlannedCell;
  readonly config: CellConfig;
}

/** A system and its cells, in every form. */
export interface Created {
  readonly plan: Plan;
  readonly system: SystemConfig;
  readonly cells: readonly CreatedCell[];
  /** Absent where the board's device tree reserves everything already. */
  readonly overlay: Overlay | undefined;
  /** What `config check` says of the result; a finding of an error is a mistake of ours, or the tree's. */
  readonly findings: readonly Finding[];
  readonly files: readonly OutputFile[];
}

/**
 * Makes configs for a board.
 *
 * @throws CellvisorError `E_CREATE_...` for what the board cannot give; ConfigError for what the dialect cannot say
 */
export function createConfigs(facts: BoardFacts, options: PlanOptions): Created {
  const plan = planSystem(facts, options);
  const { dialect } = options;
  const source = sourceDialect(dialect);
  const system = forDialect(buildRoot(plan), source, dialect);
  const cells = plan.cells.map((planned) => ({
    planned,
    config: forDialect(buildCell(planned, plan), source, dialect),
  }));
  const reservations = reservationsOf(plan);
  const disabled = plan.cells.flatMap(({ devices }) => devices.filter(({ isUsed }) => isUsed).map(({ path }) => path));
  const overlay = reservations.length + disabled.length > 0 ? makeOverlay({ reservations, disabled }) : undefined;
  const findings = checkConfigs({
    system: { config: system, dialect, file: `${plan.root.file}.cell` },
    cells: cells.map(({ planned, config }) => ({ config, dialect, file: `${planned.file}.cell`, isRoot: false })),
  });
  const files: OutputFile[] = [
    ...filesOf(plan.root.file, rootSource(plan, source), encodeConfig(system, dialect)),
    ...cells.flatMap(({ planned, config }) =>
      filesOf(planned.file, cellSource(planned, plan, source), encodeConfig(config, dialect)),
    ),
    { name: 'build.ts', content: buildScript([plan.root, ...plan.cells], dialect) },
    ...(overlay
      ? [
          { name: `${facts.soc}-cells.dts`, content: overlay.source },
          { name: `${facts.soc}-cells.dtbo`, content: overlay.blob },
        ]
      : []),
    { name: 'README.md', content: readme(plan, overlay !== undefined) },
  ];
  return { plan, system, cells, overlay, findings, files };
}

function filesOf(name: string, source: string, bytes: Uint8Array): OutputFile[] {
  return [
    { name: `${name}.ts`, content: source },
    { name: `${name}.cell`, content: bytes },
  ];
}

/** Dialect of NXP's v0.10, the release that the guide describes. */
export const DEFAULT_DIALECT: Dialect = 'nxp-10';
