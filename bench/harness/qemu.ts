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

/** Boots a bare image and returns what it printed on its UART until it switched the machine off. */
export async function runInQemu(image: string): Promise<string> {
  const machine = ['-M', 'virt,gic-version=3', '-cpu', 'cortex-a53', '-display', 'none', '-monitor', 'none'];
  return (await run(PROGRAM, [...machine, '-serial', 'stdio', '-kernel', image])).stdout;
}
