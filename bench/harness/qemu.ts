import { spawn } from 'node:child_process';
import { run } from './process';

const PROGRAM = 'qemu-system-aarch64';

/** @returns its version, or why it cannot be run */
export async function findQemu(): Promise<{ readonly version: string } | { readonly missing: string }> {
  try {
    const { stdout } = await run(PROGRAM, ['--version']);
    return { version: /version (\S+)/.exec(stdout)?.[1] ?? 'of unknown version' };
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { missing: isAbsent ? `${PROGRAM} is not installed` : (error as Error).message };
  }
}

const WITHOUT_DISPLAY = ['-display', 'none', '-monitor', 'none', '-serial', 'stdio'];

/** Runs a machine until its UART has printed the text. */
export function untilPrinted(args: readonly string[], text: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(PROGRAM, [...args, ...WITHOUT_DISPLAY], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString('latin1');
      if (text.test(printed)) child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('close', () =>
      text.test(printed) ? resolve() : reject(new Error(`it ended, and had printed: ${printed}`)),
    );
  });
}

/** Boots a bare image and returns what it printed on its UART until it switched the machine off. */
export async function runInQemu(image: string): Promise<string> {
  const machine = ['-M', 'virt,gic-version=3', '-cpu', 'cortex-a53'];
  return (await run(PROGRAM, [...machine, ...WITHOUT_DISPLAY, '-kernel', image])).stdout;
}
