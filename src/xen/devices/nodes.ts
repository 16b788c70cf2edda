import { backendPath, copyPath, deviceError, frontendPath } from './device';
import type { Permissions } from '../../abi/xenstore';
import type { DeviceAddress, DevicePlan, NodeList } from './device';
import type { Nodes } from '../xenstore/nodes';

/**
 * Writes both sides of a device and the toolstack's copy. For a transaction of the caller.
 * @throws CellvisorError `E_XEN_DEVICE`, EEXIST, when the domain has this device already
 */
export async function writeDeviceNodes(nodes: Nodes, plan: DevicePlan): Promise<void> {
  const { domid, backendDomid } = plan;
  const [frontend, backend, copy] = [frontendPath(plan), backendPath(plan), copyPath(plan)];
  if ((await nodes.readIfThere(copy)) !== undefined) {
    throw deviceError(plan, 'the domain has this device already', { errno: 'EEXIST' });
  }
  const [first, ...others] = plan.backend;
  const copied: NodeList = [...(first ? [first] : []), ['backend', backend], ...others];
  const byGuest: Permissions = { owner: domid, others: 'none', domains: [{ domid: backendDomid, access: 'read' }] };
  const byBackend: Permissions = { owner: backendDomid, others: 'none', domains: [{ domid, access: 'read' }] };
  await Promise.all([
    ...folder(nodes, backend, plan.backend, byBackend),
    ...folder(nodes, frontend, [['backend', backend], ...plan.frontend], byGuest),
    ...(plan.readOnlyFrontend ?? []).flatMap(([name, value]) => [
      nodes.write(`${frontend}/${name}`, value),
      nodes.setPermissions(`${frontend}/${name}`, byBackend),
    ]),
    ...folder(nodes, copy, copied),
  ]);
}

/** Requests in flight keep their order: a folder has its permissions before a node in it inherits them. */
function folder(nodes: Nodes, path: string, list: NodeList, permissions?: Permissions): Promise<void>[] {
  return [
    nodes.rm(path),
    nodes.mkdir(path),
    ...(permissions ? [nodes.setPermissions(path, permissions)] : []),
    ...list.map(([name, value]) => nodes.write(`${path}/${name}`, value)),
  ];
}

/** Removes both sides of a device and the copy, and folders that hold nothing more. For a transaction of the caller. */
export async function removeDeviceNodes(nodes: Nodes, device: DeviceAddress): Promise<void> {
  for (const path of [frontendPath(device), copyPath(device), backendPath(device)]) await removeUpwards(nodes, path);
}

/** Removes a node, and then each folder above it that is left without any node. */
export async function removeUpwards(nodes: Nodes, path: string): Promise<void> {
  await nodes.rm(path);
  for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent)) {
    if ((await nodes.directoryIfThere(parent)).length > 0) return;
    await nodes.rm(parent);
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
