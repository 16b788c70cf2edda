/** Nodes of a domain itself: what libxl writes for one (xen-abi reference 13). */
import { BuildError } from './build-error';
import { removeUpwards } from '../devices/nodes';
import type { Permissions } from '../../abi/xenstore';
import type { DomainConfig } from '../config';
import type { Nodes } from '../xenstore/nodes';

const READ_BY_GUEST = (domid: number): Permissions => {
  return { owner: 0, others: 'none', domains: [{ domid, access: 'read' }] };
};
const ONLY_DOM0: Permissions = { owner: 0, others: 'none' };

const READABLE_FOLDERS = ['cpu', 'memory', 'device', 'control'];
const GUEST_NODES = [
  ...['device/suspend/event-channel', 'control/shutdown', 'control/feature-poweroff', 'control/feature-reboot'],
  ...['control/feature-suspend', 'control/sysrq', 'data', 'drivers', 'feature', 'attr', 'error'],
];

/**
 * The first transaction: the domain's folders and its name. No other domain may have the name: when two are made at once,
 * one transaction sees what the other wrote, so one of them fails here.
 * @throws BuildError `E_XEN_NAME`
 */
export async function registerDomain(nodes: Nodes, domid: number, config: DomainConfig): Promise<void> {
  const { name, uuid } = config;
  await checkName(nodes, name, domid);
  const [domain, vm, toolstack] = [`/local/domain/${domid}`, `/vm/${uuid}`, `/libxl/${domid}`];
  const readable = READ_BY_GUEST(domid);
  await Promise.all([
    ...folder(nodes, domain, readable),
    ...folder(nodes, vm, readable),
    ...folder(nodes, toolstack, ONLY_DOM0),
    ...folder(nodes, `${toolstack}/device`, ONLY_DOM0),
    nodes.write(`${domain}/vm`, vm),
    nodes.write(`${domain}/name`, name),
    nodes.write(`${vm}/name`, name),
    ...READABLE_FOLDERS.flatMap((path) => folder(nodes, `${domain}/${path}`, readable)),
    ...GUEST_NODES.flatMap((path) => folder(nodes, `${domain}/${path}`, { owner: domid, others: 'none' })),
    nodes.write(`${vm}/uuid`, uuid),
    nodes.write(`${domain}/control/platform-feature-multiprocessor-suspend`, '1'),
    nodes.write(`${domain}/control/platform-feature-xs_reset_watches`, '1'),
    nodes.write(`${toolstack}/type`, 'pvh'),
    nodes.write(`${toolstack}/dm-version`, 'qemu_xen'),
  ]);
}

/** Throws BuildError `E_XEN_NAME` when another domain than `ownDomid` has the name. */
export async function checkName(nodes: Nodes, name: string, ownDomid?: number): Promise<void> {
  const domids = await nodes.directoryIfThere('/local/domain');
  const names = await Promise.all(domids.map((domid) => nodes.readIfThere(`/local/domain/${domid}/name`)));
  const other = domids.find((domid, index) => names[index] === name && domid !== String(ownDomid));
  if (other !== undefined) {
    throw new BuildError('E_XEN_NAME', `Domain with name "${name}" already exists.`, `it has the id ${other}`);
  }
}

export interface RunningNodes {
  readonly domid: number;
  readonly uuid: string;
  readonly memoryKiB: number;
  readonly maxMemoryKiB: number;
  readonly storePort: number;
  readonly storeFrame: bigint;
  readonly maxVcpus: number;
  readonly vcpus: number;
  readonly startTime: Date;
}

/** The second transaction: what the guest needs to find its memory, its vCPUs and its xenstore page. */
export async function describeDomain(nodes: Nodes, about: RunningNodes): Promise<void> {
  const domain = `/local/domain/${about.domid}`;
  const list: [string, string][] = [
    ['memory/static-max', String(about.maxMemoryKiB)],
    ['memory/target', String(about.memoryKiB)],
    ['memory/videoram', '0'],
    ['domid', String(about.domid)],
    ['store/port', String(about.storePort)],
    ['store/ring-ref', String(about.storeFrame)],
  ];
  for (let vcpu = 0; vcpu < about.maxVcpus; vcpu++) {
    list.push([`cpu/${vcpu}/availability`, vcpu < about.vcpus ? 'online' : 'offline']);
  }
  await Promise.all([
    ...list.map(([path, value]) => nodes.write(`${domain}/${path}`, value)),
    nodes.write(`/vm/${about.uuid}/start_time`, (about.startTime.getTime() / 1000).toFixed(2)),
  ]);
}

/** Takes back what both transactions, and the console, have written. */
export async function forgetDomain(nodes: Nodes, domid: number, uuid: string): Promise<void> {
  await removeUpwards(nodes, `/local/domain/0/backend/console/${domid}/0`);
  for (const path of [`/local/domain/${domid}`, `/vm/${uuid}`, `/libxl/${domid}`]) await nodes.rm(path);
}

/** The emulated UART's nodes, which xenconsoled serves as it does the console's. */
export async function writeVuartNodes(nodes: Nodes, domid: number, port: number, frame: bigint): Promise<void> {
  const path = `/local/domain/${domid}/vuart/0`;
  const list = { 'backend-id': '0', limit: '1048576', type: 'xenconsoled', output: 'pty', tty: '' };
  await Promise.all([
    ...folder(nodes, path, READ_BY_GUEST(domid)),
    ...Object.entries(list).map(([name, value]) => nodes.write(`${path}/${name}`, value)),
    nodes.write(`${path}/port`, String(port)),
    nodes.write(`${path}/ring-ref`, String(frame)),
  ]);
}

/** Requests in flight keep their order. */
function folder(nodes: Nodes, path: string, permissions: Permissions): Promise<void>[] {
  return [nodes.write(path, ''), nodes.setPermissions(path, permissions)];
}
