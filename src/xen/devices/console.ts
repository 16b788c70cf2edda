import { frontendPath } from './device';
import type { NodeList } from './device';
import type { Nodes } from '../xenstore/nodes';

export interface ConsoleRing {
  /** Frame of the ring page in the guest. */
  readonly frame: bigint;
  readonly port: number;
}

/** As much of a console's output as xenconsoled keeps for nobody's reading, in bytes. */
const LIMIT_BYTES = 1024 * 1024;

/**
 * Writes the nodes of a domain's first console, which xenconsoled serves as soon as they are there (xen-abi reference 13). For a
 * transaction of the caller.
 */
export async function writeConsoleNodes(nodes: Nodes, domid: number, { frame, port }: ConsoleRing): Promise<void> {
  const address = { kind: 'console', domid, devid: 0, backendDomid: 0 } as const;
  const frontend = frontendPath(address);
  const backend = `/local/domain/0/backend/console/${domid}/0`;
  const copy = `/libxl/${domid}/device/console/0`;
  const sides: NodeList = [
    ['frontend-id', String(domid)],
    ['online', '1'],
    ['state', '1'],
    ['protocol', 'vt100'],
  ];
  const forGuest = { owner: 0, others: 'none', domains: [{ domid, access: 'read' }] } as const;
  const byGuest = { owner: domid, others: 'none', domains: [{ domid: 0, access: 'read' }] } as const;
  await Promise.all([
    nodes.mkdir(frontend),
    nodes.setPermissions(frontend, forGuest),
    nodes.write(`${frontend}/backend`, backend),
    nodes.write(`${frontend}/backend-id`, '0'),
    nodes.setPermissions(`${frontend}/backend-id`, byGuest),
    nodes.write(`${frontend}/limit`, String(LIMIT_BYTES)),
    nodes.write(`${frontend}/type`, 'xenconsoled'),
    nodes.write(`${frontend}/output`, 'pty'),
    nodes.write(`${frontend}/tty`, ''),
    nodes.write(`${frontend}/port`, String(port)),
    nodes.write(`${frontend}/ring-ref`, String(frame)),
    nodes.mkdir(backend),
    nodes.setPermissions(backend, forGuest),
    nodes.write(`${backend}/frontend`, frontend),
    ...sides.map(([name, value]) => nodes.write(`${backend}/${name}`, value)),
    nodes.mkdir(copy),
    nodes.write(`${copy}/frontend`, frontend),
    nodes.write(`${copy}/backend`, backend),
    ...sides.map(([name, value]) => nodes.write(`${copy}/${name}`, value)),
  ]);
}
