import { backendPath } from './device';
import { removeDevice } from './remove';
import { vdevNumber } from './vdev';
import type { Nodes } from '../xenstore/nodes';
import type { Xenstore } from '../xenstore/xenstore';
import type { DeviceAddress, DeviceKind } from './device';
import type { RemoveOptions } from './remove';

const KINDS: readonly DeviceKind[] = ['vif', 'vbd', 'console'];

/** A domain's devices, from the copy that the toolstack keeps: what a domain writes about itself is not believed. */
export async function devicesOf(
  nodes: Nodes,
  domid: number,
  kinds: readonly DeviceKind[] = KINDS,
): Promise<DeviceAddress[]> {
  const found = await Promise.all(
    kinds.map(async (kind) => {
      const folder = `/libxl/${domid}/device/${kind}`;
      const ids = (await nodes.directoryIfThere(folder)).map(Number).filter((id) => Number.isInteger(id));
      return Promise.all(
        ids.map(async (devid) => ({
          kind,
          domid,
          devid,
          backendDomid: backendDomidOf(await nodes.readIfThere(`${folder}/${devid}/backend`)),
        })),
      );
    }),
  );
  return found.flat();
}

function backendDomidOf(path: string | undefined): number {
  return Number(/^\/local\/domain\/(\d+)\//.exec(path ?? '')?.[1] ?? 0);
}

/** Takes all devices of a domain away, all at the same time, without asking it. @returns what did not go as it should */
export async function removeAllDevices(store: Xenstore, domid: number, options: RemoveOptions = {}): Promise<string[]> {
  const devices = await devicesOf(store, domid);
  const problems = await Promise.all(devices.map((one) => removeDevice(store, one, { isForced: true, ...options })));
  return problems.flat();
}

/** A network interface as it is. Numbers that its two sides have not agreed on yet are -1. */
export interface VifInfo {
  readonly devid: number;
  readonly backendDomid: number;
  readonly mac: string;
  readonly handle: number;
  readonly state: number;
  readonly eventChannel: number;
  readonly txRing: number;
  readonly rxRing: number;
  readonly backendPath: string;
}

export async function vifsOf(nodes: Nodes, domid: number): Promise<VifInfo[]> {
  const vifs = await devicesOf(nodes, domid, ['vif']);
  return Promise.all(
    vifs.map(async (vif) => {
      const { number, copy } = reader(nodes, vif);
      const [mac, state, eventChannel, txRing, rxRing] = await Promise.all([
        copy('mac'),
        number('state'),
        number('event-channel'),
        number('tx-ring-ref'),
        number('rx-ring-ref'),
      ]);
      const { devid, backendDomid } = vif;
      return {
        devid,
        backendDomid,
        mac: mac ?? '00:00:00:00:00:00',
        handle: devid,
        state,
        eventChannel,
        txRing,
        rxRing,
        backendPath: backendPath(vif),
      };
    }),
  );
}

/** A disk as it is. Numbers that its two sides have not agreed on yet are -1. */
export interface DiskInfo {
  readonly devid: number;
  readonly backendDomid: number;
  readonly domid: number;
  readonly state: number;
  readonly eventChannel: number;
  readonly ring: number;
  readonly backendPath: string;
}

export async function disksOf(nodes: Nodes, domid: number): Promise<DiskInfo[]> {
  const disks = await devicesOf(nodes, domid, ['vbd']);
  return Promise.all(
    disks.map(async (disk) => {
      const { number } = reader(nodes, disk);
      const names = ['state', 'event-channel', 'ring-ref'];
      const [state = -1, eventChannel = -1, ring = -1] = await Promise.all(names.map(number));
      const { devid, backendDomid } = disk;
      return { devid, backendDomid, domid, state, eventChannel, ring, backendPath: backendPath(disk) };
    }),
  );
}

function reader(nodes: Nodes, { domid, kind, devid }: DeviceAddress) {
  const number = async (name: string) => {
    const text = await nodes.readIfThere(`/local/domain/${domid}/device/${kind}/${devid}/${name}`);
    return text !== undefined && /^-?\d{1,10}$/.test(text) ? Number(text) : -1;
  };
  const copy = (name: string) => nodes.readIfThere(`/libxl/${domid}/device/${kind}/${devid}/${name}`);
  return { number, copy };
}

/** The interface with a handle, or an address such as `00:16:3e:00:00:02`. */
export async function findVif(nodes: Nodes, domid: number, which: string): Promise<DeviceAddress | undefined> {
  const vifs = await devicesOf(nodes, domid, ['vif']);
  if (!which.includes(':')) return vifs.find(({ devid }) => String(devid) === which);
  const macs = await Promise.all(vifs.map(({ devid }) => nodes.readIfThere(`/libxl/${domid}/device/vif/${devid}/mac`)));
  return vifs[macs.findIndex((mac) => mac?.toLowerCase() === which.toLowerCase())];
}

/** The disk of a name or number: `xvdb`, 51728. */
export async function findDisk(nodes: Nodes, domid: number, which: string): Promise<DeviceAddress | undefined> {
  const number = vdevNumber(which);
  return (await devicesOf(nodes, domid, ['vbd'])).find(({ devid }) => devid === number);
}
