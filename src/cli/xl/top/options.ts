import { parseXlArguments } from '../arguments';
import type { CommandIo } from '../../command';
import type { Shown } from './lines';

export interface TopOptions {
  readonly isBatch: boolean;
  readonly delaySeconds: number;
  /** How many samples; undefined: until the person leaves. */
  readonly iterations: number | undefined;
  readonly shown: Shown;
}

const OPTIONS = {
  delay: { type: 'string', short: 'd' },
  networks: { type: 'boolean', short: 'n' },
  vbds: { type: 'boolean', short: 'x' },
  'repeat-header': { type: 'boolean', short: 'r' },
  vcpus: { type: 'boolean', short: 'v' },
  'full-name': { type: 'boolean', short: 'f' },
  batch: { type: 'boolean', short: 'b' },
  iterations: { type: 'string', short: 'i' },
  'dom0-first': { type: 'boolean', short: 'z' },
} as const;

const DEFAULT_DELAY_SECONDS = 3;
const MAX_DELAY_SECONDS = 86_400;

/** The options of xentop(1). Undefined: they were wrong, and that was said. @throws ArgumentsDone */
export function parseTopOptions(args: readonly string[], io: CommandIo): TopOptions | undefined {
  const { values } = parseXlArguments('top', args, { options: OPTIONS }, io);
  const delaySeconds = values.delay === undefined ? DEFAULT_DELAY_SECONDS : parseDelay(values.delay);
  if (delaySeconds === undefined) {
    io.err(`-d takes seconds, more than 0, not '${values.delay}'\n`);
    return undefined;
  }
  const iterations = values.iterations === undefined ? undefined : Number(values.iterations);
  if (iterations !== undefined && (!Number.isInteger(iterations) || iterations < 1)) {
    io.err(`-i takes a number from 1 on, not '${values.iterations}'\n`);
    return undefined;
  }
  return {
    isBatch: values.batch ?? false,
    delaySeconds,
    iterations,
    shown: {
      networks: values.networks ?? false,
      disks: values.vbds ?? false,
      vcpus: values.vcpus ?? false,
      repeatsHeader: values['repeat-header'] ?? false,
      fullNames: values['full-name'] ?? false,
      domain0First: values['dom0-first'] ?? false,
      sort: undefined,
    },
  };
}

/** Seconds, such as `3` or `0.5`; undefined where it is none. */
export function parseDelay(text: string): number | undefined {
  const seconds = /^\d*\.?\d+$/.test(text) ? Number(text) : 0;
  return seconds > 0 && seconds <= MAX_DELAY_SECONDS ? seconds : undefined;
}
