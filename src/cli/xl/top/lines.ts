import { COLUMNS } from './columns';
import type { Row } from './columns';
import type { DiskCounters, NetworkCounters } from '../../../xen/watch/device-counters';
import type { TopSample } from './sample';

/** What of a sample is shown, and in which order. */
export interface Shown {
  readonly networks: boolean;
  readonly disks: boolean;
  readonly vcpus: boolean;
  readonly repeatsHeader: boolean;
  /** Names are not cut. */
  readonly fullNames: boolean;
  readonly domain0First: boolean;
  /** Index of a column; undefined: by id. */
  readonly sort: number | undefined;
}

export interface TopLine {
  readonly kind: 'head' | 'domain' | 'device';
  readonly text: string;
}

/** @param firstColumn columns behind the name before it are left out */
export function tableLines(sample: TopSample, shown: Shown, firstColumn = 1): TopLine[] {
  const head: TopLine = { kind: 'head', text: lineOf(({ head }) => head, firstColumn) };
  const rows = rowsOf(sample, shown).flatMap((row, index) => [
    ...(shown.repeatsHeader && index > 0 ? [head] : []),
    { kind: 'domain', text: lineOf((column) => column.text(row), firstColumn, shown.fullNames) } as const,
    ...deviceLines(row, sample, shown).map((text): TopLine => ({ kind: 'device', text })),
  ]);
  return [head, ...rows];
}

function lineOf(text: (column: (typeof COLUMNS)[number]) => string, firstColumn: number, fullName = false): string {
  return COLUMNS.filter((_, index) => index === 0 || index >= firstColumn)
    .map((column, index) => {
      const all = text(column);
      // A number that does not fit is still the whole number.
      const fitting = index === 0 && !fullName ? all.slice(0, column.columns) : all;
      return fitting.padStart(column.columns);
    })
    .join(' ');
}

function rowsOf(sample: TopSample, { sort, domain0First }: Shown): Row[] {
  const { domains, cpuPercents, devices, memoryKib } = sample;
  const rows = domains.map((domain) => ({
    domain,
    cpuPercent: cpuPercents.get(domain.id) ?? 0,
    networks: devices.networks.get(domain.id) ?? [],
    disks: devices.disks.get(domain.id) ?? [],
    memoryKib,
  }));
  const column = sort === undefined ? undefined : COLUMNS[sort];
  const zero = (row: Row) => (domain0First && row.domain.id === 0 ? 0 : 1);
  return rows.sort(
    (a, b) =>
      zero(a) - zero(b) || (column ? compare(column.value(a), column.value(b)) : 0) || a.domain.id - b.domain.id,
  );
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return b - a;
  return a < b ? -1 : a > b ? 1 : 0;
}

function deviceLines({ domain, networks, disks }: Row, { vcpuSeconds }: TopSample, shown: Shown): string[] {
  const vcpus = [...(vcpuSeconds.get(domain.id) ?? [])];
  return [
    ...(shown.vcpus && vcpus.length > 0 ? [vcpuLine(vcpus)] : []),
    ...(shown.networks ? networks.map(networkLine) : []),
    ...(shown.disks ? disks.map(diskLine) : []),
  ];
}

function vcpuLine(vcpus: readonly (readonly [number, number])[]): string {
  return `VCPUs(sec): ${vcpus.map(([vcpu, seconds]) => ` ${String(vcpu).padStart(2)}: ${pad(Math.floor(seconds), 10)}s`).join('')}`;
}

function networkLine(net: NetworkCounters): string {
  const counts = (bytes: number, packets: number, errors: number, drops: number) =>
    `${pad(bytes)}bytes ${pad(packets)}pkts ${pad(errors)}err ${pad(drops)}drop`;
  const received = counts(net.receivedBytes, net.receivedPackets, net.receivedErrors, net.receivedDrops);
  const sent = counts(net.sentBytes, net.sentPackets, net.sentErrors, net.sentDrops);
  return `Net${net.devid} RX: ${received}  TX: ${sent}`;
}

function diskLine(disk: DiskCounters): string {
  const device = [disk.devid >> 8, disk.devid & 0xff].map((part) => part.toString(16).padStart(2)).join(':');
  const requests = `OO: ${pad(disk.outOfRequests)}   RD: ${pad(disk.reads)}   WR: ${pad(disk.writes)}`;
  const sectors = `RSECT: ${pad(disk.readSectors, 10)}   WSECT: ${pad(disk.writtenSectors, 10)}`;
  return `VBD BlkBack ${pad(disk.devid, 5)} [${device}]  ${requests}   ${sectors}`;
}

function pad(number: number, width = 8): string {
  return String(number).padStart(width);
}

/** What stands above the table: the time, how many domains are how, and the machine. */
export function summaryLines({ takenAtMs, version, domains, memoryKib, freeKib, ...machine }: TopSample): string[] {
  const count = (is: (domain: (typeof domains)[number]) => boolean) => domains.filter(is).length;
  const crashed = count(({ isShutDown, shutdownReason }) => isShutDown && shutdownReason === 'crash');
  const states = [
    `${count(({ isRunning }) => isRunning)} running`,
    `${count(({ isBlocked }) => isBlocked)} blocked`,
    `${count(({ isPaused }) => isPaused)} paused`,
    `${crashed} crashed`,
    `${count(({ isDying }) => isDying)} dying`,
    `${count(({ isShutDown }) => isShutDown) - crashed} shut down`,
  ];
  const megahertz = Math.round(machine.cpuKhz / 1000);
  return [
    `xl top - ${new Date(takenAtMs).toTimeString().slice(0, 8)}   Xen ${version}`,
    `${domains.length} domain${domains.length === 1 ? '' : 's'}: ${states.join(', ')}`,
    `Mem: ${memoryKib}k total, ${memoryKib - freeKib}k used, ${freeKib}k free    CPUs: ${machine.cpuCount} @ ${megahertz}MHz`,
  ];
}
