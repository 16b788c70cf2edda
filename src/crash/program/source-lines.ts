import { execFile } from 'node:child_process';

/** addr2line of the host knows AArch64 on a board; elsewhere the cross tools do. */
const TOOLS = ['aarch64-linux-gnu-addr2line', 'llvm-addr2line', 'addr2line'];
const TIMEOUT_MS = 10_000;

export interface SourceLines {
  /** `file.c:12` by address, where debug information tells it. */
  readonly lines: ReadonlyMap<bigint, string>;
  /** Why there are none, where there are none; in words. */
  readonly problem: string | undefined;
}

/** Asks addr2line for the source lines of addresses. Never throws: without it there are still the symbols. */
export async function findSourceLines(elf: string, addresses: readonly bigint[]): Promise<SourceLines> {
  let problem = `source lines need addr2line, and there is none of ${TOOLS.join(', ')}`;
  for (const tool of TOOLS) {
    const { output, failure } = await run(tool, ['-e', elf, ...addresses.map((one) => `0x${one.toString(16)}`)]);
    if (output !== undefined) {
      const found = output
        .split('\n')
        .flatMap((line, index): [bigint, string][] =>
          addresses[index] === undefined || /^\?\?|:(\?|0\b)/.test(line) || line === ''
            ? []
            : [[addresses[index], line.trim()]],
        );
      return {
        lines: new Map(found),
        problem: found.length > 0 ? undefined : `${elf} has no debug information for source lines: compile it with -g`,
      };
    }
    if (failure !== undefined) {
      problem = `${tool}: ${failure}`;
    }
  }
  return { lines: new Map(), problem };
}

/** @returns neither, when the tool is not installed */
function run(tool: string, args: readonly string[]): Promise<{ output?: string; failure?: string }> {
  return new Promise((resolve) => {
    execFile(tool, args, { encoding: 'utf8', timeout: TIMEOUT_MS }, (error, stdout, stderr) => {
      if (!error) {
        resolve({ output: stdout });
      } else {
        resolve(error.code === 'ENOENT' ? {} : { failure: stderr.trim().split('\n')[0] || error.message });
      }
    });
  });
}
