import { formatC } from '../../../config/show/c-source';
import { formatTables } from '../../../config/show/table';
import { configTree } from '../../../config/show/tree';
import { formatTypeScript } from '../../../config/show/typescript';
import { parseOptions, printHelp, UsageError } from '../arguments';
import { dialectOf, readConfig } from './read';
import { USAGE } from './usage';
import type { CommandIo } from '../../command';
import type { ReadConfig } from './read';

const FORMATS = {
  json: ({ decoded }: ReadConfig) => `${JSON.stringify(configTree(decoded), undefined, 2)}\n`,
  yaml: async ({ decoded }: ReadConfig) => (await import('../../../config/show/yaml')).formatYaml(configTree(decoded)),
  c: ({ decoded }: ReadConfig) => formatC(decoded),
  ts: ({ decoded }: ReadConfig) => formatTypeScript(decoded),
} as const;

/** `cellvisor config show FILE` and `cellvisor config show --running NAME` */
export async function show(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    {
      json: { type: 'boolean' },
      yaml: { type: 'boolean' },
      c: { type: 'boolean' },
      ts: { type: 'boolean' },
      from: { type: 'string' },
      running: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    USAGE,
  );
  if (values.help) return printHelp(io, USAGE);
  const formats = (['json', 'yaml', 'c', 'ts'] as const).filter((one) => values[one]);
  const [path, ...others] = positionals;
  if ((path === undefined) === (values.running === undefined) || others.length > 0 || formats.length > 1) {
    throw new UsageError('one FILE or one running cell, in one format', USAGE);
  }
  const config =
    path === undefined
      ? await (await import('./running')).readRunning(values.running ?? '', io)
      : readConfig(path, values.from === undefined ? undefined : dialectOf(values.from, '--from'));
  const [format] = formats;
  io.out(format ? await FORMATS[format](config) : `${config.path}: ${formatTables(config.decoded, config.sizeBytes)}`);
  return 0;
}
