import { Jailhouse } from '../../jailhouse/jailhouse';
import type { ConfigKeeper } from '../../jailhouse/jailhouse';
import type { ConfigFile } from '../../jailhouse/explain/refusal';
import type { Kernel } from '../../kernel/kernel';
import type { CommandIo, Environment } from '../command';

/** The hypervisor behind the backend that was asked for. */
export async function openJailhouse(io: CommandIo): Promise<Jailhouse> {
  return jailhouseOn(await io.openKernel(io.env), io.env);
}

/** The hypervisor of a board that `env` names. */
export function jailhouseOn(kernel: Kernel, env: Environment): Jailhouse {
  return new Jailhouse(kernel, {
    findCellConfigs: (name) => findCellConfigs(kernel, env, name),
    configKeeper: keeper(kernel, env),
  });
}

/** The copy of what the cell was created from, where there is one; else files that may be it. */
async function findCellConfigs(kernel: Kernel, env: Environment, name: string): Promise<readonly ConfigFile[]> {
  const { openKeptConfigs } = await import('./kept-configs');
  const kept = (await openKeptConfigs(kernel, env)?.all()) ?? [];
  const copy = kept.find(({ cell }) => cell.name === name);
  return copy ? [copy] : (await import('./known-configs')).findCellConfigs(name);
}

/** Loaded when something was created or is gone: most commands do neither. */
function keeper(kernel: Kernel, env: Environment): ConfigKeeper {
  const open = async () => (await import('./kept-configs')).openKeptConfigs(kernel, env);
  return {
    created: async (config) => (await open())?.created(config),
    gone: async () => (await open())?.gone(),
  };
}
