import { parseXlArguments } from './arguments';
import { findDomainId } from './domain-selector';
import type { Xl } from './xl';

const OPTIONS = { 'ignore-host': { type: 'boolean', short: 'i' } } as const;

/** `xl vcpu-set`: asks the guest, through xenstore, to run on so many vCPUs. */
export async function vcpuSet(args: readonly string[], xl: Xl): Promise<number> {
  const { values, positionals } = parseXlArguments('vcpu-set', args, { options: OPTIONS, minimum: 2 }, xl.io);
  const [name = '', text = ''] = positionals;
  const host = await xl.host();
  const id = await findDomainId(host.xenstore, name);
  if (!/^\d+$/.test(text)) {
    xl.io.err('Error: Invalid argument.\n');
    return 1;
  }
  const count = Number(text);
  const domain = await host.domain(id);
  if (!values['ignore-host'] && domain !== undefined) {
    const { cpuCount } = await host.hypervisor.host.physInfo();
    if (count > cpuCount && count > domain.onlineVcpus) {
      xl.io.err(
        `You are overcommmitting! You have ${cpuCount} physical  CPUs and want ${count} vCPUs! Aborting, use --ignore-host to continue\n`,
      );
      return 1;
    }
  }
  const maximum = domain?.vcpuCount ?? 0;
  if (count < 1 || count > maximum) {
    xl.io.err(
      count < 1
        ? 'libxl: error: Requested 0 VCPUs!\n'
        : `libxl: error: Requested ${count} VCPUs, however maxcpus is ${maximum}!\n`,
    );
    xl.io.err(`libxl_set_vcpuonline failed domid=${id} max_vcpus=${count}, rc: -3\n`);
    return 1;
  }
  await host.xenstore.transaction(async (transaction) => {
    for (let vcpu = 0; vcpu < maximum; vcpu += 1) {
      const state = vcpu < count ? 'online' : 'offline';
      await transaction.write(`/local/domain/${id}/cpu/${vcpu}/availability`, state);
    }
  });
  return 0;
}
