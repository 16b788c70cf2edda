import { CellvisorError } from '../../errors';

export type BuildErrorCode =
  /** A kernel, ramdisk or device tree is not what it should be. */
  | 'E_XEN_IMAGE'
  /** What must be in the guest's memory does not fit. */
  | 'E_XEN_MEMORY'
  /** The configuration asks for what this Xen, or Arm, does not have. */
  | 'E_XEN_CONFIG'
  /** The host cannot do what the configuration asks for: the C tool ends with another code then. */
  | 'E_XEN_UNSUPPORTED'
  /** There is a domain of that name. */
  | 'E_XEN_NAME';

/** A domain cannot be built as it is described. */
export class BuildError extends CellvisorError {
  declare readonly code: BuildErrorCode;

  constructor(code: BuildErrorCode, message: string, hint?: string, cause?: unknown) {
    super(message, { code, operation: 'build domain', hint, cause });
  }
}
