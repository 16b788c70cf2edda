import { DIALECTS } from '../../../abi/jailhouse/dialect';
import { BOARDS } from '../../../boards';
import { FINDING_CODES } from '../../../config/findings';

const boardTypes = BOARDS.map(({ name }) => name);

/** What stands where on a command line (jailhouse-tools reference 14, and what is ours). */
export const JAILHOUSE = {
  commands: [
    'enable',
    'disable',
    'console',
    'cell',
    'config',
    'hardware',
    '--backend',
    '--host',
    '--help',
    '--version',
  ],
  cell: ['create', 'load', 'start', 'shutdown', 'destroy', 'linux', 'list', 'stats'],
  config: ['create', 'collect', 'check'],
  createOptions: [
    '-h',
    '--help',
    '-o',
    '--output',
    '--dtb',
    '-r',
    '--root',
    '--cell',
    '--dialect',
    '-c',
    '--console',
    '--mem-hv',
    '--mem-inmates',
    '--ram',
    '--device-regions',
    '-g',
    '--generate-collector',
  ],
  deviceRegions: ['wide', 'listed'],
  checkOptions: ['-h', '--help', '--against', '--image', '--json'],
  /** Besides device trees. */
  against: ['board', ...boardTypes],
  linuxOptions: [
    ...['-h', '--help', '-d', '--dtb', '-i', '--initrd', '-c', '--cmdline', '-w', '--write-params'],
    ...['-a', '--arch', '-k', '--kernel-decomp-factor'],
  ],
  listOptions: ['--json', '--format', '--quiet'],
  hardware: ['check'],
  backends: ['hardware', 'emulated'],
} as const;

export const CELLVISOR = {
  commands: [
    ...['top', 'board', 'try', 'gdb', 'run', 'stats', 'events', 'exporter', 'doctor', 'config', 'explain', 'module'],
    ...['completion', 'agent', '--host', '--backend', '--help', '--version'],
  ],
  board: ['start', 'stop', 'status', 'list', 'reset', 'log', 'cat', 'attach'],
  boardOptions: ['--type', '--release', '--clock', '--board', '--since', '--json', '--format', '--quiet', '-f'],
  tryOptions: [
    '--root',
    '--expect',
    '--timeout',
    '--cmdline',
    '--initrd',
    '--dtb',
    '--uart',
    '--junit',
    '--clock',
    '--board',
    '--release',
    '--gdb',
  ],
  gdbOptions: ['--listen', '--board'],
  statsOptions: ['--cell', '--interval', '--count', '--json'],
  eventsOptions: ['--interval', '--json'],
  exporterOptions: ['--listen', '--textfile'],
  doctorOptions: ['--root', '--json'],
  topOptions: ['--backend', '--board', '--interval', '--read-only'],
  runOptions: ['--board', '--trace', '--fault'],
  config: ['show', 'diff', 'convert', 'dts'],
  configOptions: {
    show: ['--running', '--json', '--yaml', '--c', '--ts', '--from'],
    diff: ['--json', '--from'],
    convert: ['--dialect', '--from', '-o'],
    dts: ['-o', '--dtbo'],
  },
  findings: FINDING_CODES,
  explainOptions: ['--live', '--cell', '--root', '--elf', '--image', '--all', '--json'],
  dialects: DIALECTS,
  module: ['load', 'unload'],
  shells: ['bash', 'zsh', 'fish'],
  clocks: ['real', 'virtual'],
  boardTypes,
} as const;

/** Sub-commands of xl, by what stands behind them. */
const XL_WITH_DOMAIN = [
  ...['block-attach', 'block-detach', 'block-list', 'console', 'cpupool-migrate', 'destroy', 'domid', 'list'],
  ...['mem-max', 'mem-set', 'network-attach', 'network-detach', 'network-list', 'pause', 'reboot', 'rename'],
  ...['shutdown', 'sysrq', 'trigger', 'unpause', 'uptime', 'vcpu-list', 'vcpu-pin', 'vcpu-set'],
];
const XL_OTHERS = [
  ...['cpupool-cpu-add', 'cpupool-cpu-remove', 'cpupool-destroy', 'cpupool-list', 'cpupool-rename', 'debug-keys'],
  ...['dmesg', 'domname', 'help', 'info', 'sched-credit', 'sched-credit2', 'top'],
];

export const XL = {
  commands: [...XL_WITH_DOMAIN, ...XL_OTHERS, 'config-update', 'create'].sort(),
  withDomain: XL_WITH_DOMAIN,
};

/** For a shell: words of which none needs quoting. */
export function list(words: readonly string[]): string {
  return words.join(' ');
}
