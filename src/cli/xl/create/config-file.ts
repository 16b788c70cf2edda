import { readFileSync } from 'node:fs';
import { strerror } from '../../../errno';
import { CellvisorError } from '../../../errors';

/**
 * The text of a configuration, with the command line's settings behind it, each a line (xen-abi reference 19).
 * @throws CellvisorError `E_XL_FILE` in the C tool's words
 */
export function readConfigText(path: string, settings: readonly string[]): string {
  try {
    const text = readFileSync(path, 'latin1');
    const lines = settings.map((setting) => `${Buffer.from(setting).toString('latin1')}\n`);
    // The file's last line may lack its end.
    const whole = lines.length === 0 ? text : `${text}\n${lines.join('')}`;
    return Buffer.from(whole, 'latin1').toString('utf8');
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    const message = `Failed to read config file: ${path}: ${strerror(-errno)}`;
    throw new CellvisorError(message, { code: 'E_XL_FILE', operation: 'read domain configuration', cause: error });
  }
}
