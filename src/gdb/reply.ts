import { errnoNumber } from '../errno';
import type { ErrnoName } from '../errno';

/** What was asked for is done. */
export const OK = 'OK';
/** The packet is not known. */
export const UNKNOWN = '';

/** GDB shows the number. */
export function errorReply(errno: ErrnoName | number): string {
  const number = typeof errno === 'number' ? errno : errnoNumber(errno);
  return `E${number.toString(16).padStart(2, '0')}`;
}
