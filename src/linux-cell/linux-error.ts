import { CellvisorError } from '../errors';

export type LinuxCellErrorCode =
  /** The cell's memory has no room for kernel, initrd and device tree. */
  | 'E_LINUX_SPACE'
  /** No device tree can be made of what the board says of itself. */
  | 'E_LINUX_TREE';

/** Linux cannot be put into a cell. */
export class LinuxCellError extends CellvisorError {
  declare readonly code: LinuxCellErrorCode;

  constructor(code: LinuxCellErrorCode, message: string, hint?: string) {
    super(message, { code, operation: 'boot Linux in a cell', hint });
  }
}
