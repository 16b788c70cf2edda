import { CellvisorError } from '../errors';
import { FdtError, parse } from '../fdt';
import type { DeviceTree } from '../fdt';

/** A device tree. @throws CellvisorError with the file's path in front of what is wrong with it, and with the hint */
export function parseTreeFile(bytes: Uint8Array, path: string, hint: string): DeviceTree {
  try {
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof FdtError)) throw error;
    const { code, operation } = error;
    throw new CellvisorError(`${path}: ${error.message}`, { code, operation, hint, cause: error });
  }
}
