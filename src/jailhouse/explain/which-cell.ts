import { explainLockedCells } from './locked';
import { NO_DRIVER, NOT_ENABLED, showCell, showCells } from './words';
import type { CellSelector } from '../../abi/jailhouse/ioctls';
import type { ErrnoName } from '../../errno';
import type { Cell } from '../cell';
import type { Evidence } from './evidence';

/** Reasons that loading, starting and destroying share: which cell was meant, and whether it may be touched. */
export async function explainWhichCell(
  errno: ErrnoName | undefined,
  selector: CellSelector,
  evidence: Evidence,
): Promise<string | undefined> {
  const cells = await evidence.cells();
  const cell = cells.find((one) => ('id' in selector ? one.id === selector.id : one.name === selector.name));
  switch (errno) {
    case 'ENOENT':
      if (cells.length === 0) {
        return (await evidence.enabled()) === undefined ? NO_DRIVER : NOT_ENABLED;
      }
      return cell ? undefined : unknownCell(selector, cells);
    case 'EINVAL':
      if ((await evidence.enabled()) === false) {
        return NOT_ENABLED;
      }
      return cell?.id === 0
        ? `${showCell(cell)} is the root cell, which Linux itself runs in; pick another one`
        : undefined;
    case 'EPERM': {
      const locked = await explainLockedCells(evidence);
      return (
        locked ?? (cell && `cell ${showCell(cell)} does not agree to shut down: end the program in it, then try again`)
      );
    }
    default:
      return undefined;
  }
}

function unknownCell(selector: CellSelector, cells: readonly Cell[]): string {
  const asked = 'id' in selector ? `with id ${selector.id}` : `named ${JSON.stringify(selector.name)}`;
  const others = cells.filter(({ id }) => id !== 0);
  return others.length > 0
    ? `there is no cell ${asked}; there are: ${showCells(others)}`
    : `there is no cell ${asked}; create one first: jailhouse cell create CELLCONFIG`;
}
