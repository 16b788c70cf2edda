import { named } from './sysfs';
import type { Kernel } from '../kernel/kernel';

export interface ConsoleOptions {
  /** Wait for more instead of ending where the log ends. */
  readonly follow?: boolean;
  /** Ends a waiting read. */
  readonly signal?: AbortSignal;
}

/** As much as the C tool reads at a time. */
const CHUNK_BYTES = 128;

/**
 * The hypervisor's console as it was written, in pieces (jailhouse-abi reference 1.9). What was lost because nobody read
 * in time is marked by a line `<missed N bytes of console log>`.
 *
 * @throws KernelError `read(console)`: EPERM when the system config has no virtual console, EAGAIN when nothing was ever
 * enabled and `follow` is off
 */
export async function* readConsole(kernel: Kernel, path: string, options: ConsoleOptions = {}) {
  const file = await named(
    `opening ${path}`,
    kernel.open(path, { access: 'read-write', nonBlocking: !options.follow }),
  );
  try {
    for (;;) {
      const bytes = await named(
        'read(console)',
        file.read(CHUNK_BYTES, options.signal ? { signal: options.signal } : {}),
      );
      if (bytes.length === 0) {
        return;
      }
      yield bytes;
    }
  } finally {
    await file.close();
  }
}
