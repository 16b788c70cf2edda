import { join } from 'node:path';
import { C_XL, HOME, NODE, OUR_XL } from '../test/xen/rig/places';
import { inPackage } from './harness/paths';
import { run as runProgram } from './harness/process';
import { besidePeer } from './harness/result';
import type { Benchmark, Row } from './harness/result';

const CONFIG = '/root/domu/domu.cfg';
const CONSOLE_LOG = '/var/log/xen/guest-domu.log';

const LIST_TURNS = 15;
const CREATE_TURNS = 5;
const LISTINGS = 1000;

export const xen: Benchmark = {
  name: 'xen',
  title: 'xl in dom0 of a real Xen',
  method: `On an emulated Arm machine, which \`XEN_BOARD\` names (test/xen/rig/install.mjs), with the Node.js of our archives. \`xl list\`: the whole process, ${LIST_TURNS} turns. \`xl create\`: from the command to the first byte of the guest's console, ${CREATE_TURNS} turns, after one that is not counted. Listings: ${LISTINGS} in one process.`,
  run,
};

async function run(): Promise<Row[]> {
  const board = process.env['XEN_BOARD'];
  if (!board) {
    console.log('xen: skipped, XEN_BOARD names no Xen board');
    return [];
  }
  const installed = await runProgram(process.execPath, [inPackage('test/xen/rig/install.mjs')]);
  const dom0 = async (command: string) => (await runProgram(join(board, 'run'), ['--', command])).stdout;
  const turns = async (count: number, commands: readonly object[]) =>
    JSON.parse(await dom0(`${NODE} ${HOME}/dist/rig/turns.js ${count} '${JSON.stringify(commands)}'`)) as number[][];
  try {
    return [...(await measureList(turns)), ...(await measureCreate(turns)), ...(await measureListings(dom0))];
  } finally {
    if (installed.stdout.includes('booted')) await runProgram(join(board, 'stop'), []);
  }
}

type Turns = (count: number, commands: readonly object[]) => Promise<number[][]>;

async function measureList(turns: Turns): Promise<Row[]> {
  const list = { command: [OUR_XL, 'list'] };
  await turns(1, [list]);
  const [ours = [], nothing = []] = await turns(LIST_TURNS, [list, { command: [NODE, '-e', '0'] }]);
  return [besidePeer('xl list', ours, 1.5, 'node -e 0', nothing)];
}

async function measureCreate(turns: Turns): Promise<Row[]> {
  const create = (xl: string) => ({
    command: [xl, 'create', '-q', CONFIG],
    until: CONSOLE_LOG,
    after: [C_XL, 'destroy', 'domu'],
  });
  const both = [create(OUR_XL), create(C_XL)];
  await turns(1, both);
  const [ours = [], c = []] = await turns(CREATE_TURNS, both);
  return [besidePeer('xl create, to the first byte of the console', ours, 1, 'C xl', c)];
}

async function measureListings(dom0: (command: string) => Promise<string>): Promise<Row[]> {
  const ours = Number(await dom0(`${NODE} ${HOME}/dist/rig/listings.js ${LISTINGS}`));
  await makeCListings(dom0);
  const c = Number(await dom0(`/mnt/share/listings ${LISTINGS}`));
  return [
    {
      what: 'listings of all domains',
      value: ours,
      unit: 'a second',
      target: { limit: 'at least', value: 0.5, of: 'ratio' },
      peer: { name: 'libxenctrl', value: c },
    },
  ];
}

/** Compiled against the headers of libxen-dev, and linked with the library of dom0. */
async function makeCListings(dom0: (command: string) => Promise<string>): Promise<void> {
  const share = inPackage('dist/xen-board');
  await dom0('cp -L /usr/lib/aarch64-linux-gnu/libxenctrl.so.4.17 /mnt/share/libxenctrl.so');
  const flags = ['-O2', '-idirafter', '/usr/include', '-L', share, '-Wl,--unresolved-symbols=ignore-in-shared-libs'];
  const output = join(share, 'listings');
  await runProgram('aarch64-linux-gnu-gcc', [inPackage('bench/xen/listings.c'), ...flags, '-lxenctrl', '-o', output]);
}
