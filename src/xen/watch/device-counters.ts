import { KernelError } from '../../errors';
import type { Kernel } from '../../kernel/kernel';

/** What went through one network interface, as the backend's domain sees it: what the domain sent was received here. As in xentop. */
export interface NetworkCounters {
  /** The number of the interface in its domain: 1 of `vif3.1`. */
  readonly devid: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly sentPackets: number;
  readonly receivedPackets: number;
  readonly sentErrors: number;
  readonly receivedErrors: number;
  readonly sentDrops: number;
  readonly receivedDrops: number;
}

/** What was asked of one disk. */
export interface DiskCounters {
  /** The disk's number: 51712 is xvda. */
  readonly devid: number;
  /** How often there was no room for a request. */
  readonly outOfRequests: number;
  readonly reads: number;
  readonly writes: number;
  readonly readSectors: number;
  readonly writtenSectors: number;
}

/** Counters of the backends in this domain, by the id of the domain that they serve. */
export interface DeviceCounters {
  readonly networks: ReadonlyMap<number, readonly NetworkCounters[]>;
  readonly disks: ReadonlyMap<number, readonly DiskCounters[]>;
}

const NETWORK_FILE = '/proc/net/dev';
const BACKENDS = '/sys/bus/xen-backend/devices';
const DISK_FILES = ['oo_req', 'rd_req', 'wr_req', 'rd_sect', 'wr_sect'] as const;

/** Reads them. Backends that are not there, or are in another domain, are left out. */
export async function deviceCounters(kernel: Kernel): Promise<DeviceCounters> {
  const [networks, disks] = await Promise.all([networkCounters(kernel), diskCounters(kernel)]);
  return { networks, disks };
}

async function networkCounters(kernel: Kernel): Promise<Map<number, NetworkCounters[]>> {
  const text = new TextDecoder().decode(await orNothing(kernel.readFile(NETWORK_FILE), new Uint8Array()));
  const found = new Map<number, NetworkCounters[]>();
  for (const line of text.split('\n')) {
    const match = /^\s*vif(\d+)\.(\d+):\s*(.*)$/.exec(line);
    if (!match) continue;
    // bytes packets errs drop fifo frame compressed multicast, first received, then sent (proc(5)).
    const numbers = (match[3] ?? '').trim().split(/\s+/).map(Number);
    const at = (index: number) => numbers[index] ?? 0;
    addTo(found, Number(match[1]), {
      devid: Number(match[2]),
      receivedBytes: at(0),
      receivedPackets: at(1),
      receivedErrors: at(2),
      receivedDrops: at(3),
      sentBytes: at(8),
      sentPackets: at(9),
      sentErrors: at(10),
      sentDrops: at(11),
    });
  }
  return found;
}

async function diskCounters(kernel: Kernel): Promise<Map<number, DiskCounters[]>> {
  const names = await orNothing(kernel.readDirectory(BACKENDS), []);
  const disks = names.flatMap((name) => {
    const match = /^vbd-(\d+)-(\d+)$/.exec(name);
    return match ? [{ name, domid: Number(match[1]), devid: Number(match[2]) }] : [];
  });
  const paths = disks.flatMap(({ name }) => DISK_FILES.map((file) => `${BACKENDS}/${name}/statistics/${file}`));
  const contents = paths.length === 0 ? [] : await kernel.readFiles(paths);
  const found = new Map<number, DiskCounters[]>();
  disks.forEach(({ domid, devid }, index) => {
    const values = contents.slice(index * DISK_FILES.length, (index + 1) * DISK_FILES.length).map(numberIn);
    // One that goes while it is read.
    if (values.some((value) => value === undefined)) return;
    const [outOfRequests = 0, reads = 0, writes = 0, readSectors = 0, writtenSectors = 0] = values;
    addTo(found, domid, { devid, outOfRequests, reads, writes, readSectors, writtenSectors });
  });
  for (const each of found.values()) each.sort((a, b) => a.devid - b.devid);
  return found;
}

function numberIn(content: Uint8Array | KernelError): number | undefined {
  const value = content instanceof KernelError ? NaN : Number.parseInt(new TextDecoder().decode(content), 10);
  return Number.isNaN(value) ? undefined : value;
}

function addTo<T>(map: Map<number, T[]>, key: number, value: T): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

async function orNothing<T>(read: Promise<T>, nothing: T): Promise<T> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof KernelError) return nothing;
    throw error;
  }
}
