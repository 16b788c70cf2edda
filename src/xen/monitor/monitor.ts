import { rename } from 'node:fs/promises';
import { buildDomain } from '../builder/build-domain';
import { uuidBytes } from '../builder/request';
import { readUserdata, userdataPath } from '../userdata';
import { fromLibxlJson, generateUuid } from '../config';
import { destroyDomain } from '../lifecycle/destroy';
import { SHUTDOWN_REASONS } from '../../abi/xen/sched';
import { actionAt, followUpOf } from '../lifecycle/end';
import { waitForEnd } from '../lifecycle/wait';
import type { BuildHost } from '../builder/host';
import type { DomainConfig } from '../config';
import type { FollowUp } from '../lifecycle/end';

export interface MonitorHost extends BuildHost {
  /** Told what happens, a line at a time. */
  readonly log: (line: string) => void;
}

/**
 * Waits for the end of a domain and does what its configuration wants then: the one that is kept about it at that time. A
 * domain that was created again is waited for in turn. Resolves when nothing is left to wait for. The log has the C tool's
 * lines, as seen of Xen 4.17.
 */
export async function monitorDomain(host: MonitorHost, first: number): Promise<void> {
  for (let domid: number | undefined = first; domid !== undefined;) {
    const name = await host.store.readIfThere(`/local/domain/${domid}/name`);
    host.log(`Waiting for domain ${name ?? '(null)'} (domid ${domid}) to die [pid ${process.pid}]`);
    domid = await monitorOnce(host, domid);
  }
}

/** @returns the domain that has taken its place */
async function monitorOnce(host: MonitorHost, domid: number): Promise<number | undefined> {
  const { store, hypervisor, userdataFolder: folder, log } = host;
  const uuid = await uuidOf(host, domid);
  const end = await waitForEnd(store, hypervisor.domains, domid);
  if (end === 'destroyed' || uuid === undefined) {
    log(`Domain ${domid} has been destroyed.`);
    return undefined;
  }
  const code = SHUTDOWN_REASONS.indexOf(end);
  log(`Domain ${domid} has shut down, reason code ${code} 0x${code.toString(16)}`);
  const config = fromLibxlJson(await readUserdata(domid, uuid, folder), userdataPath(domid, uuid, folder));
  const followUp = followUpOf(end, config.onEnd);
  if (followUp === undefined) return undefined;
  log(`Action for shutdown reason code ${code} is ${actionAt(end, config.onEnd)}`);
  const successor = await act(host, domid, config, followUp);
  if (successor === undefined) log('Done. Exiting now');
  return successor;
}

async function act(
  host: MonitorHost,
  domid: number,
  config: DomainConfig,
  { dumpsCore, oldDomain, createsNew }: FollowUp,
): Promise<number | undefined> {
  if (dumpsCore) host.log(`domain ${domid}: no core is dumped: this toolstack has no core dumps yet`);
  switch (oldDomain) {
    case 'preserve':
      host.log(`domain ${domid} is kept`);
      break;
    case 'rename':
      await keepUnderOtherName(host, domid, config);
      break;
    case 'soft-reset':
      host.log(`domain ${domid}: a soft reset is not done here: the domain is created again`);
      await destroy(host, domid);
      return build(host, config);
    case 'destroy':
      await destroy(host, domid);
  }
  return createsNew ? build(host, config) : undefined;
}

async function destroy({ store, hypervisor, userdataFolder, log }: MonitorHost, domid: number): Promise<void> {
  log(`Domain ${domid} needs to be cleaned up: destroying the domain`);
  const problems = await destroyDomain(store, hypervisor.domains, domid, { userdataFolder });
  for (const problem of problems) log(problem);
}

async function build(host: MonitorHost, config: DomainConfig): Promise<number> {
  host.log('Done. Rebooting now');
  const { domid } = await buildDomain(host, config);
  await host.hypervisor.domains.unpause(domid);
  return domid;
}

/** Gives the ended domain another name and UUID, so that its successor can have them. */
async function keepUnderOtherName(host: MonitorHost, domid: number, config: DomainConfig): Promise<void> {
  const { hypervisor, store, log, userdataFolder: folder } = host;
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const name = `${config.name}-${time}`;
  const uuid = generateUuid();
  log(`domain ${domid} is kept as ${name}`);
  await rename(userdataPath(domid, config.uuid, folder), userdataPath(domid, uuid, folder));
  await hypervisor.domains.setUuid(domid, uuidBytes(uuid));
  await store.transaction(async (nodes) => {
    await nodes.rm(`/vm/${config.uuid}`);
    await nodes.write(`/vm/${uuid}/name`, name);
    await nodes.write(`/vm/${uuid}/uuid`, uuid);
    await nodes.write(`/local/domain/${domid}/vm`, `/vm/${uuid}`);
    await nodes.write(`/local/domain/${domid}/name`, name);
  });
}

async function uuidOf({ store }: MonitorHost, domid: number): Promise<string | undefined> {
  const vm = await store.readIfThere(`/local/domain/${domid}/vm`);
  return vm === undefined ? undefined : vm.slice(vm.lastIndexOf('/') + 1);
}
