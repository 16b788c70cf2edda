import { printLibxlJson, toLibxlJson } from '../config';
import { BuildError } from './build-error';
import { affinityTopology } from './lookups';
import { writeUserdata } from './userdata';
import type { DomainConfig } from '../config';
import type { BuildHost } from './host';

/**
 * Replaces what is kept about a running domain: what it is created from when it restarts. It keeps its UUID.
 * @throws BuildError `E_XEN_CONFIG` when there is no such domain
 */
export async function keepConfig(host: BuildHost, domid: number, config: DomainConfig): Promise<void> {
  const vm = await host.store.readIfThere(`/local/domain/${domid}/vm`);
  if (vm === undefined || (await host.hypervisor.domains.info(domid)) === undefined) {
    throw new BuildError('E_XEN_CONFIG', `there is no domain ${domid}`);
  }
  const uuid = vm.slice(vm.lastIndexOf('/') + 1);
  const json = toLibxlJson({ ...config, uuid }, await affinityTopology(host.hypervisor));
  await writeUserdata(domid, uuid, `${printLibxlJson(json)}\n`, host.userdataFolder);
}
