import { readFileSync } from 'node:fs';
import { config } from '../../../../src/index';

/** The errors of a cell beside a root cell, a line each. */
export function errorsOf(rootPath: string, cellPath: string): string[] {
  const system = config.decodeConfig(readFileSync(rootPath));
  const cell = config.decodeConfig(readFileSync(cellPath));
  if (system.kind !== 'system' || cell.kind !== 'cell') throw new Error('a system config, then that of a cell');
  const findings = config.checkConfigs({ system, cells: [{ ...cell, isRoot: false }] });
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, places, remedy }) => `${code}: ${message} (${places[0]?.field}): ${remedy}`);
}
