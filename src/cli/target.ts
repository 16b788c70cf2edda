import type { BoardsChoice } from '../kernel/choose';
import type { CommandIo, Environment } from './command';

/** The options before the command word, by the variable that says the same. Hosts add up. */
const VARIABLES = {
  '--backend': 'CELLVISOR_BACKEND',
  '--host': 'CELLVISOR_HOST',
  '--hosts': 'CELLVISOR_HOSTS',
} as const;

type TargetOption = keyof typeof VARIABLES;

export interface Target {
  /** With the variables that the options stand for: whatever opens a kernel looks there. */
  readonly io: CommandIo;
  /** What stands behind the options. */
  readonly args: readonly string[];
  /** As given on the command line. */
  readonly hosts: readonly string[];
}

/**
 * Ours: `--backend NAME`, `--host HOST` and the like before the command word, each also as `--host=HOST`. The C tools have no
 * options there.
 */
export function takeTarget(
  args: readonly string[],
  io: CommandIo,
  options: readonly TargetOption[] = ['--backend', '--host'],
): Target {
  const given: { option: TargetOption; value: string }[] = [];
  let rest = args;
  for (;;) {
    const [word = '', next] = rest;
    const [name, value = next] = word.includes('=') ? splitOnce(word) : [word];
    const option = options.find((one) => one === name);
    if (option === undefined || value === undefined) break;
    given.push({ option, value });
    rest = rest.slice(word.includes('=') ? 1 : 2);
  }
  if (given.length === 0) return { io, args, hosts: [] };
  const hosts = given.filter(({ option }) => option === '--host').map(({ value }) => value);
  const env: Record<string, string | undefined> = { ...io.env };
  for (const { option, value } of given) env[VARIABLES[option]] = option === '--host' ? hosts.join(' ') : value;
  return { io: { ...io, env }, args: rest, hosts };
}

/** All boards that a command line and its environment name, for programs that look at several. */
export function targetBoards(env: Environment): BoardsChoice {
  return {
    backend: env['CELLVISOR_BACKEND'] || undefined,
    board: env['CELLVISOR_BOARD'] || undefined,
    hosts: (env['CELLVISOR_HOST'] ?? '').split(/\s+/).filter((host) => host !== ''),
    hostsFile: env['CELLVISOR_HOSTS'] || undefined,
  };
}

function splitOnce(word: string): [string, string] {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
}
