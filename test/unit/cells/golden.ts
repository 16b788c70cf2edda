import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, 'golden');

/** Files of known-good configs, laid out from the reference's board tables by other means than this project's code. */
export const GOLDEN_NAMES = readdirSync(folder).map((file) => file.replace(/\.hex$/, ''));

export function golden(name: string): Uint8Array {
  const hex = readFileSync(join(folder, `${name}.hex`), 'utf8').replace(/\s/g, '');
  return new Uint8Array(Buffer.from(hex, 'hex'));
}
