import { spawnSync } from 'node:child_process';

/**
 * Runs a program to its end.
 *
 * @returns what it printed on standard output
 * @throws {Error} with what it printed, when it fails or cannot be started
 */
export function run(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  if (error?.code === 'ENOENT') throw new Error(`${program} is not installed`);
  if (error) throw error;
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')} failed:\n${stdout}${stderr}`.trimEnd());
  return stdout;
}
