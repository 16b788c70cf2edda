import type { Domain } from '../../../xen/host/domain';
import type { DiskCounters, NetworkCounters } from '../../../xen/watch/device-counters';

/** A domain with everything that its line shows. */
export interface Row {
  readonly domain: Domain;
  /** 0 where nothing is known yet. */
  readonly cpuPercent: number;
  readonly networks: readonly NetworkCounters[];
  readonly disks: readonly DiskCounters[];
  /** Of the machine. */
  readonly memoryKib: number;
}

export interface Column {
  readonly head: string;
  readonly columns: number;
  text(row: Row): string;
  /** What the order goes by. Numbers: the large ones first. */
  value(row: Row): number | string;
}

/** More than any machine has: Xen's way to say that there is no limit. */
const NO_LIMIT_KIB = 0xffff_ffff * 4;
const BYTES_PER_KIB = 1024;

/** The columns of xentop(1), all to the right. */
export const COLUMNS: readonly Column[] = [
  { head: 'NAME', columns: 10, text: ({ domain }) => nameOf(domain), value: ({ domain }) => nameOf(domain) },
  { head: 'STATE', columns: 6, text: ({ domain }) => stateOf(domain), value: ({ domain }) => stateOf(domain) },
  number('CPU(sec)', 10, ({ domain }) => Math.floor(domain.cpuTimeSeconds)),
  number('CPU(%)', 6, ({ cpuPercent }) => cpuPercent, 1),
  number('MEM(k)', 10, ({ domain }) => domain.memoryKib),
  number('MEM(%)', 6, ({ domain, memoryKib }) => percent(domain.memoryKib, memoryKib), 1),
  {
    head: 'MAXMEM(k)',
    columns: 10,
    text: ({ domain }) => (hasLimit(domain) ? `${domain.maxMemoryKib}` : 'no limit'),
    value: ({ domain }) => domain.maxMemoryKib,
  },
  {
    head: 'MAXMEM(%)',
    columns: 9,
    text: ({ domain, memoryKib }) => (hasLimit(domain) ? percent(domain.maxMemoryKib, memoryKib).toFixed(1) : 'n/a'),
    value: ({ domain }) => domain.maxMemoryKib,
  },
  number('VCPUS', 5, ({ domain }) => domain.onlineVcpus),
  number('NETS', 4, ({ networks }) => networks.length),
  number('NETTX(k)', 8, ({ networks }) => kib(networks, ({ sentBytes }) => sentBytes)),
  number('NETRX(k)', 8, ({ networks }) => kib(networks, ({ receivedBytes }) => receivedBytes)),
  number('VBDS', 4, ({ disks }) => disks.length),
  number('VBD_OO', 8, ({ disks }) => sum(disks, ({ outOfRequests }) => outOfRequests)),
  number('VBD_RD', 8, ({ disks }) => sum(disks, ({ reads }) => reads)),
  number('VBD_WR', 8, ({ disks }) => sum(disks, ({ writes }) => writes)),
  number('VBD_RSECT', 10, ({ disks }) => sum(disks, ({ readSectors }) => readSectors)),
  number('VBD_WSECT', 10, ({ disks }) => sum(disks, ({ writtenSectors }) => writtenSectors)),
  number('SSID', 4, ({ domain }) => domain.ssidRef),
];

function number(head: string, columns: number, value: (row: Row) => number, digits = 0): Column {
  return { head, columns, value, text: (row) => value(row).toFixed(digits) };
}

/** A domain that no toolstack has named yet is known by its id. */
export function nameOf({ id, name }: Domain): string {
  return name ?? `(${id})`;
}

/** Dying, shut down, blocked, crashed, paused, running. */
function stateOf(domain: Domain): string {
  const isCrashed = domain.isShutDown && domain.shutdownReason === 'crash';
  return [
    domain.isDying ? 'd' : '-',
    domain.isShutDown && !isCrashed ? 's' : '-',
    domain.isBlocked ? 'b' : '-',
    isCrashed ? 'c' : '-',
    domain.isPaused ? 'p' : '-',
    domain.isRunning ? 'r' : '-',
  ].join('');
}

function hasLimit({ maxMemoryKib }: Domain): boolean {
  return maxMemoryKib < NO_LIMIT_KIB;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (100 * part) / whole;
}

function sum<T>(rows: readonly T[], value: (row: T) => number): number {
  return rows.reduce((so, row) => so + value(row), 0);
}

function kib<T>(rows: readonly T[], bytes: (row: T) => number): number {
  return Math.floor(sum(rows, bytes) / BYTES_PER_KIB);
}
