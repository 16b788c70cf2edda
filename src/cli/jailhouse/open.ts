import { Jailhouse } from '../../jailhouse/jailhouse';
import type { CommandIo } from '../command';

/** The hypervisor behind the backend that was asked for. */
export async function openJailhouse(io: CommandIo): Promise<Jailhouse> {
  return new Jailhouse(await io.openKernel(io.env), {
    findCellConfigs: async (name) => (await import('./known-configs')).findCellConfigs(name),
  });
}
