import { types } from 'node:util';

/**
 * Whether the machine says that something does not exist: an address where nothing answers, a CPU, a cell. Asked by name, as
 * `instanceof` does not see that an error of the addon is a RangeError where scripts run in a context of their own.
 */
export function isRangeError(error: unknown): error is RangeError {
  return types.isNativeError(error) && error.name === 'RangeError';
}

/** Whether the machine cannot do what a value asks for: the value does not exist, or does not fit its place. */
export function isRefusedValue(error: unknown): error is Error {
  return isRangeError(error) || (types.isNativeError(error) && error.name === 'TypeError');
}
