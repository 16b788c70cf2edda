/** The Xen board, once boot.js has it running: commands in its dom0, with our xl and with the C tool. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { C_XL, OUR_XL } from './places';

/** Runs a shell command in dom0, with stdin and stdout passed through. */
export const DOM0_PROGRAM = join(process.env['XEN_BOARD'] ?? '', 'run');

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `describe`, skipped where there is no board; boot.js has said why. */
export const describeOnXen = process.env['CELLVISOR_XEN_SKIPPED'] === undefined ? describe : describe.skip;

/** A command in dom0's shell. */
export function dom0(command: string): Outcome {
  const { status, stdout, stderr, error } = spawnSync(DOM0_PROGRAM, ['--', command], {
    encoding: 'utf8',
    input: '',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  return { code: status, out: stdout, err: stderr };
}

export const ourXl = (args: string) => dom0(`${OUR_XL} ${args}`);
export const cXl = (args: string) => dom0(`${C_XL} ${args}`);

/** What both tools answer to each of many lines of arguments, one after the other; two lines at a time, in one call. */
export function bothXl(lines: readonly string[]): Map<string, { readonly ours: Outcome; readonly c: Outcome }> {
  const scripts = lines.flatMap((args) => [`${C_XL} ${args}`, `${OUR_XL} ${args}`]);
  const outcomes = inDom0(scripts, 2);
  return new Map(
    lines.map((args, at) => [args, { c: outcomes[2 * at] as Outcome, ours: outcomes[2 * at + 1] as Outcome }]),
  );
}

/** Runs many shell commands in one call, so many at a time; the outcomes are in order. */
export function inDom0(commands: readonly string[], parallel = 1): Outcome[] {
  const lines = commands.map((command, at) => `(${command}) >${at}.out 2>${at}.err; echo $? >${at}.code`);
  const script = [
    'rm -rf /tmp/many; mkdir /tmp/many; cd /tmp/many',
    `tr '\\n' '\\0' <<'END' | xargs -0 -n 1 -P ${parallel} sh -c\n${lines.join('\n')}\nEND`,
    // One line a file: its name, and its bytes as base64.
    'for file in *; do echo "$file $(base64 -w 0 $file)"; done',
  ].join('\n');
  const answer = dom0(script);
  const files = new Map(answer.out.split('\n').map((line) => line.split(' ', 2) as [string, string]));
  return commands.map((command, at) => {
    const [code = '', out = '', err = ''] = ['code', 'out', 'err'].map((kind) =>
      Buffer.from(files.get(`${at}.${kind}`) ?? '', 'base64').toString(),
    );
    if (code === '') throw new Error(`dom0 did not run ${command}: ${answer.err}`);
    return { code: Number(code), out, err };
  });
}
