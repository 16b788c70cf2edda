import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/paths';

export function inPackage(...parts: readonly string[]): string {
  return join(packageRoot(), ...parts);
}

export function readCellFile(name: string): Uint8Array {
  return readFileSync(inPackage('cells', `${name}.cell`));
}

export function readInmate(name: string): Uint8Array {
  return readFileSync(inPackage('inmates', `${name}.bin`));
}
