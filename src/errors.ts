import { errnoName, errnoNumber, strerror } from './errno';
import type { ErrnoName } from './errno';

export interface ErrorDetails {
  /** Stable identifier that programs may compare, such as `E_CONFIG_TRUNCATED`. */
  readonly code: string;
  /** What was being done, such as `decode cell config` or `ioctl JAILHOUSE_CELL_CREATE`. */
  readonly operation: string;
  readonly errno?: ErrnoName | undefined;
  /** One line that says what a person can do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** Every error that this project throws on purpose. The message is one line, fit for a terminal. */
export class CellvisorError extends Error {
  readonly code: string;
  readonly operation: string;
  readonly errno: ErrnoName | undefined;
  readonly hint: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.operation = details.operation;
    this.errno = details.errno;
    this.hint = details.hint;
  }
}

export interface ConfigErrorDetails extends ErrorDetails {
  /** Path of the field within the config, such as `root.memoryRegions[3].size`. */
  readonly field: string;
  /** Byte offset of the field within the file; absent where the config does not come from a file. */
  readonly offset?: number | undefined;
}

/** A cell or system config, or a value meant for one, is wrong. */
export class ConfigError extends CellvisorError {
  readonly field: string;
  readonly offset: number | undefined;

  constructor(message: string, details: ConfigErrorDetails) {
    super(message, details);
    this.field = details.field;
    this.offset = details.offset;
  }
}

export interface KernelErrorDetails {
  /** Default: `E_KERNEL`. */
  readonly code?: string;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** A system call was answered with an errno, by the real kernel or by the emulated board. */
export class KernelError extends CellvisorError {
  /** The positive errno value, also for numbers without a name in our table. */
  readonly errnoNumber: number;

  /** The message reads `operation: text of strerror`. */
  constructor(operation: string, errno: ErrnoName | number, details: KernelErrorDetails = {}) {
    const number = typeof errno === 'number' ? Math.abs(errno) : errnoNumber(errno);
    super(`${operation}: ${strerror(number)}`, { code: 'E_KERNEL', ...details, operation, errno: errnoName(number) });
    this.errnoNumber = number;
  }
}
