import { writeSync } from 'node:fs';
import { KernelError } from '../errors';
import { OutputClosed } from './command';
import { reportError } from './report';
import type { Kernel } from '../kernel/kernel';
import type { Command, CommandIo, Environment } from './command';

/** What a shell reports of a program that SIGPIPE ended; Node ignores that signal. */
const EXIT_SIGPIPE = 128 + 13;

/** Runs a command as the whole of this process and ends the process with its exit code. */
export async function runCommand(command: Command): Promise<never> {
  const io: CommandIo = {
    programPath: process.argv[1] ?? process.execPath,
    env: process.env,
    out: (data) => writeAll(1, data),
    err: (text) => writeAll(2, text),
    openKernel,
    // Asked only by those who use it: Node loads all of its streams for the answer.
    get openTerminal() {
      return process.stdin.isTTY && process.stdout.isTTY ? openTerminal : undefined;
    },
  };
  const code = await runToExitCode(command, io);
  // Output is written synchronously, so nothing is lost here, and no idle connection holds the process up.
  process.exit(code);
}

async function runToExitCode(command: Command, io: CommandIo): Promise<number> {
  try {
    return await command(process.argv.slice(2), io);
  } catch (error) {
    if (error instanceof OutputClosed) {
      return EXIT_SIGPIPE;
    }
    reportError(error, io);
    return 1;
  }
}

async function openKernel(env: Environment): Promise<Kernel> {
  const { openKernel: open } = await import('../kernel/choose');
  return open({
    backend: env['CELLVISOR_BACKEND'] || undefined,
    board: env['CELLVISOR_BOARD'] || undefined,
    host: env['CELLVISOR_HOST'] || undefined,
    onNotice: (line) => writeAll(2, `${line}\n`),
  });
}

async function openTerminal() {
  const { openProcessTerminal } = await import('./terminal');
  return openProcessTerminal();
}

/**
 * Synchronous on purpose: a command's output is complete when the next one's begins, and before the process ends. A pipe
 * or terminal that somebody made non-blocking is waited for.
 */
function writeAll(fd: 1 | 2, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  for (let offset = 0; offset < bytes.length;) {
    try {
      offset += writeSync(fd, bytes, offset);
    } catch (error) {
      const { code, errno } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      } else if (code === 'EPIPE' && fd === 1) {
        throw new OutputClosed();
      } else if (fd === 2) {
        return; // Where could a failure to report a failure be reported?
      } else {
        throw errno === undefined ? error : new KernelError('writing output', errno, { cause: error });
      }
    }
  }
}
