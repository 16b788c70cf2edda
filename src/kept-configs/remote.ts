import type { Cell } from '../jailhouse/cell';
import type { Agent } from '../kernel/kernel';
import type { ConfigCopies, KeptConfig } from './kept-configs';

/** A KeptConfig on its way: its bytes as base64. */
type Sent = Omit<KeptConfig, 'bytes'> & { readonly bytes: string };

/** The copies on another machine, beside the cells that they are of: whoever looks from there or elsewhere sees the same ones. */
export class RemoteKeptConfigs implements ConfigCopies {
  constructor(private readonly agent: Agent) {}

  async created(config: Uint8Array): Promise<void> {
    await this.tell('keptConfigs.created', { config: Buffer.from(config).toString('base64') });
  }

  async gone(): Promise<void> {
    await this.tell('keptConfigs.gone', {});
  }

  /** What was done to the cell is done, also when nobody can be told any more. */
  private async tell(method: string, parameters: object): Promise<void> {
    await this.agent.call(method, parameters).catch(() => undefined);
  }

  async find({ id }: Cell): Promise<KeptConfig | undefined> {
    return (await this.all()).find(({ cell }) => cell.id === id);
  }

  async all(): Promise<KeptConfig[]> {
    const sent = (await this.agent.call('keptConfigs.all', {})) as Sent[];
    return sent.map((one) => ({ ...one, bytes: Buffer.from(one.bytes, 'base64') }));
  }
}

/** The agent's half. @param open undefined where this user may not have any */
export function keptConfigHandlers(open: () => ConfigCopies | undefined) {
  return {
    'keptConfigs.created': async (parameters: unknown) => {
      const { config } = (parameters ?? {}) as { config?: unknown };
      if (typeof config === 'string') await open()?.created(Buffer.from(config, 'base64'));
      return null;
    },
    'keptConfigs.gone': async () => {
      await open()?.gone();
      return null;
    },
    'keptConfigs.all': async (): Promise<Sent[]> =>
      ((await open()?.all()) ?? []).map((one) => ({ ...one, bytes: Buffer.from(one.bytes).toString('base64') })),
  };
}
