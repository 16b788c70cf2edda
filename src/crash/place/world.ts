import { CPU_SET_LIMIT_BYTES } from '../../config/check/subject';
import { cpusOf } from '../../abi/jailhouse';
import { rootOf } from '../../config/check/subject';
import type { CheckedCell, CheckedSystem } from '../../config/check/subject';

/** The configs that are known of what ran. */
export interface World {
  readonly system: CheckedSystem | undefined;
  /** Without the root cell. */
  readonly cells: readonly CheckedCell[];
}

export const EMPTY_WORLD: World = { system: undefined, cells: [] };

/** The config of the cell with a name; of two, the one that has the CPU. */
export function findCell(world: World, name: string, cpu: number | undefined): CheckedCell | undefined {
  const { system } = world;
  if (system?.config.rootCell.name === name) {
    return rootOf(system);
  }
  const named = world.cells.filter(({ config }) => config.name === name);
  return (
    named.find(
      ({ config }) => cpu !== undefined && cpusOf(config.cpuSet.subarray(0, CPU_SET_LIMIT_BYTES)).includes(cpu),
    ) ?? named[0]
  );
}

/** All cells but one. */
export function otherCells({ system, cells }: World, cell: CheckedCell): CheckedCell[] {
  const others = cells.filter((one) => one.config !== cell.config);
  return system && system.config.rootCell !== cell.config ? [rootOf(system), ...others] : others;
}
