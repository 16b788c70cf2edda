import { CELL_NAME_MAX, configSizeBytes, dialectTraits } from '../../../abi/jailhouse';
import { encodeText } from '../../../abi/text';
import { at, inSystem, onBoard } from '../finding';
import { allCells } from '../subject';
import { cellWords, list } from '../words';
import type { Place, Report } from '../finding';
import type { CheckedCell, Subject } from '../subject';
import type { Dialect } from '../../../abi/jailhouse';

const LIMIT_BYTES = 16 * 4096;
/** The kernel may put its copy anywhere in a page: up to this size it fits from every place. */
const SAFE_BYTES = LIMIT_BYTES - 4095;

/** Names, dialects and sizes of configs. */
export function checkIdentity(subject: Subject, report: Report): void {
  checkNames(allCells(subject), report);
  checkDialects(subject, report);
  for (const cell of subject.cells) {
    const sizeBytes = cell.sizeBytes ?? configSizeBytes(cell.config, cell.dialect);
    if (sizeBytes > SAFE_BYTES) {
      report('SIZE-PAGES', {
        message: `${cellWords(cell)} has a config of ${sizeBytes} bytes; ${sizeBytes > LIMIT_BYTES ? 'at most' : 'only below'} ${sizeBytes > LIMIT_BYTES ? LIMIT_BYTES : SAFE_BYTES + 1} are sure to be taken`,
        places: [at(cell, 'num_memory_regions', `${cell.config.memoryRegions.length}`)],
        severity: sizeBytes > LIMIT_BYTES ? undefined : 'warning',
      });
    }
  }
}

function checkNames(cells: readonly CheckedCell[], report: Report): void {
  const seen = new Map<string, CheckedCell>();
  for (const cell of cells) {
    const { name } = cell.config;
    const field = cell.isRoot ? 'root_cell.name' : 'name';
    const other = seen.get(name);
    if (other) {
      report('NAME-TWICE', {
        message: `two cells are named ${JSON.stringify(name)}`,
        places: [
          at(other, other.isRoot ? 'root_cell.name' : 'name', JSON.stringify(name)),
          at(cell, field, JSON.stringify(name)),
        ],
      });
    }
    seen.set(name, cell);
    if (name === '') {
      report('NAME-EMPTY', { message: 'a cell has no name', places: [at(cell, field, '""')] });
    }
    if (nameBytes(name) > CELL_NAME_MAX) {
      report('NAME-LONG', {
        message: `the name ${JSON.stringify(name)} is cut after ${CELL_NAME_MAX} bytes`,
        places: [at(cell, field, JSON.stringify(name))],
      });
    }
  }
}

/** Most names are ASCII, and an encoder takes a millisecond to set up. */
function nameBytes(name: string): number {
  return /^[ -~]*$/.test(name) ? name.length : encodeText(name).length;
}

function checkDialects({ system, cells, hardware }: Subject, report: Report): void {
  for (const cell of system ? cells : []) {
    if (system && !sameLayout(system.dialect, cell.dialect)) {
      const silent = revisionOf(system.dialect) === revisionOf(cell.dialect);
      report('DIALECT-MIX', {
        message: `${cellWords(cell)} is of ${cell.dialect}, the system of ${system.dialect}${silent ? ': the driver does not see the difference' : ''}`,
        places: [at(cell, 'revision', cell.dialect), inSystem(system, 'revision', system.dialect)],
        remedy: `cellvisor config convert --dialect ${system.dialect}`,
      });
    }
  }
  const driver = hardware?.driver;
  if (!driver) {
    return;
  }
  const refused = (dialect: Dialect, place: Place) =>
    report('DIALECT-DRIVER', {
      message: `the driver ${driver.version} takes revision ${list(driver.revisions)}, this is ${dialect}`,
      places: [place, onBoard(`driver of ${hardware.name}`, driver.version)],
    });
  if (system && !driver.revisions.includes(revisionOf(system.dialect))) {
    refused(system.dialect, inSystem(system, 'revision', system.dialect));
  }
  for (const cell of cells) {
    if (!driver.revisions.includes(revisionOf(cell.dialect))) {
      refused(cell.dialect, at(cell, 'revision', cell.dialect));
    }
  }
}

/** Cells of revision 12 have one layout in both dialects, and count as upstream's. */
function sameLayout(system: Dialect, cell: Dialect): boolean {
  return system === cell || (revisionOf(system) === 12 && revisionOf(cell) === 12);
}

function revisionOf(dialect: Dialect): number {
  return dialectTraits(dialect).revision;
}
