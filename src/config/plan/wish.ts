import { parseSize } from './size';
import { cannot } from '../create/create-error';

export interface LinkWish {
  /** Name of another cell, or `root`. */
  readonly peer: string;
  readonly protocol: 'undefined' | 'veth';
}

/** What a person wants of a cell; what is absent, the planner chooses. */
export interface Wish {
  readonly name: string;
  /** A bare-metal inmate starts at guest address 0; Linux has its RAM where it is, and a loader. */
  readonly kind: 'inmate' | 'linux';
  /** As Linux counts them. */
  readonly cpus?: readonly number[];
  readonly cpuCount?: number;
  readonly ramBytes?: bigint;
  readonly uart?: string;
  readonly devices: readonly string[];
  /** SPI numbers, from 0, besides those of the devices. */
  readonly spis: readonly number[];
  readonly links: readonly LinkWish[];
}

export const WISH_HELP = `name=NAME [kind=inmate|linux] [cpus=2-3 | cpu-count=N] [ram=64M] [uart=UART] [device=NAME,...]
   [spi=N,...] [ivshmem=CELL[:veth],...]`;

/**
 * Reads `name=rt cpus=3 ram=64M uart=uart2 spi=109 ivshmem=root,linux`.
 *
 * @throws CellvisorError `E_CREATE_WISH`
 */
export function parseWish(text: string): Wish {
  const values = new Map<string, string>();
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const at = word.indexOf('=');
    const key = word.slice(0, at);
    const value = word.slice(at + 1);
    if (at < 1 || value === '') throw bad(`'${word}' is not KEY=VALUE`);
    if (!KEYS.has(key)) throw bad(`there is no '${key}'`);
    if (values.has(key)) throw bad(`'${key}' is given twice`);
    values.set(key, value);
  }
  const name = values.get('name');
  if (name === undefined || !NAME.test(name) || name === 'root') {
    throw bad(`'${text}' has no name for the cell: at most 31 letters, digits, '-', '_' and '.'; not root`);
  }
  const kind = values.get('kind') ?? 'inmate';
  if (kind !== 'inmate' && kind !== 'linux') throw bad(`kind is inmate or linux, not '${kind}'`);
  const list = (key: string) => values.get(key)?.split(',') ?? [];
  const cpus = values.get('cpus');
  const cpuCount = values.get('cpu-count');
  if (cpus !== undefined && cpuCount !== undefined) throw bad(`'${name}' has both cpus and cpu-count`);
  const ram = values.get('ram');
  const uart = values.get('uart');
  return {
    name,
    kind,
    ...(cpus !== undefined && { cpus: parseCpus(cpus) }),
    ...(cpuCount !== undefined && { cpuCount: parseNumber(cpuCount, 'cpu-count') }),
    ...(ram !== undefined && { ramBytes: parseRam(ram) }),
    ...(uart !== undefined && { uart }),
    devices: list('device'),
    spis: list('spi').map((one) => parseNumber(one, 'spi')),
    links: list('ivshmem').map(parseLink),
  };
}

const KEYS = new Set(['name', 'kind', 'cpus', 'cpu-count', 'ram', 'uart', 'device', 'spi', 'ivshmem']);
/** A cell's name is also a file's. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/;
const CPU_LIMIT = 64;

function parseCpus(text: string): number[] {
  const cpus = text.split(',').flatMap((part) => {
    const match = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part);
    if (!match) throw bad(`cpus is a list such as 2-3 or 1,3, not '${text}'`);
    const first = Number(match[1]);
    const last = Number(match[2] ?? first);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  });
  if (cpus.length === 0 || cpus.some((cpu) => cpu >= CPU_LIMIT)) throw bad(`cpus is a list such as 2-3, not '${text}'`);
  return [...new Set(cpus)].sort((a, b) => a - b);
}

function parseRam(text: string): bigint {
  const bytes = parseSize(text);
  if (bytes === undefined || bytes === 0n || bytes % 0x1000n !== 0n) {
    throw bad(`ram is a size in whole pages, such as 64M or 0x10000, not '${text}'`);
  }
  return bytes;
}

function parseNumber(text: string, key: string): number {
  if (!/^\d{1,4}$/.test(text)) throw bad(`${key} is a number, not '${text}'`);
  return Number(text);
}

function parseLink(text: string): LinkWish {
  const [peer = '', protocol = 'undefined', ...rest] = text.split(':');
  if (peer === '' || (protocol !== 'veth' && protocol !== 'undefined') || rest.length > 0) {
    throw bad(`ivshmem is a cell, or a cell and :veth, not '${text}'`);
  }
  return { peer, protocol };
}

function bad(message: string) {
  return cannot('E_CREATE_WISH', message, `a cell is ${WISH_HELP}`);
}
