import { KernelError } from '../../../errors';
import { CELL_ID_UNUSED } from '../../../abi/jailhouse';
import type { CellId } from '../../../abi/jailhouse';
import type { CellObject } from './cell-object';
import type { EnabledJailhouse, JailhouseModule } from './jailhouse-module';

/** @throws KernelError EINVAL */
export function requireEnabled(module: JailhouseModule, operation: string): EnabledJailhouse {
  if (!module.enabled) {
    throw new KernelError(operation, 'EINVAL');
  }
  return module.enabled;
}

/**
 * The first cell, in order of creation, with the id; or with the name when the id is the unused one (jailhouse-abi
 * reference 1.2). Finds the root cell too: the hypervisor refuses it.
 *
 * @throws KernelError ENOENT
 */
export function findCell(module: JailhouseModule, { id, name }: CellId, operation: string): CellObject {
  const cell = module.cells.find((one) => one.id === id || (id === CELL_ID_UNUSED && one.name === name));
  if (!cell) {
    throw new KernelError(operation, 'ENOENT');
  }
  return cell;
}
