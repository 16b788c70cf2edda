import { DIALECTS } from '../../../abi/jailhouse/dialect';
import { BOARDS } from '../../../boards';

/** What stands where on a command line (jailhouse-tools reference 14, and what is ours). */
export const JAILHOUSE = {
  commands: ['enable', 'disable', 'console', 'cell', 'config', 'hardware', '--backend', '--help', '--version'],
  cell: ['create', 'load', 'start', 'shutdown', 'destroy', 'linux', 'list', 'stats'],
  config: ['create', 'collect', 'check'],
  hardware: ['check'],
  backends: ['hardware', 'emulated'],
} as const;

export const CELLVISOR = {
  commands: [
    'top',
    'board',
    'try',
    'run',
    'doctor',
    'config',
    'explain',
    'module',
    'completion',
    '--help',
    '--version',
  ],
  board: ['start', 'stop', 'status', 'list', 'reset', 'log', 'cat', 'attach'],
  boardOptions: ['--type', '--release', '--clock', '--board', '--since', '--json', '-f'],
  tryOptions: ['--root', '--expect', '--timeout', '--cmdline', '--uart', '--junit', '--clock', '--board', '--release'],
  doctorOptions: ['--root', '--json'],
  topOptions: ['--backend', '--board', '--interval', '--read-only'],
  runOptions: ['--board', '--trace', '--fault'],
  config: ['show', 'diff', 'convert'],
  dialects: DIALECTS,
  module: ['load', 'unload'],
  shells: ['bash', 'zsh', 'fish'],
  clocks: ['real', 'virtual'],
  boardTypes: BOARDS.map(({ name }) => name),
} as const;

/** For a shell: words of which none needs quoting. */
export function list(words: readonly string[]): string {
  return words.join(' ');
}
