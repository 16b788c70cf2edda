import { openXenstore } from '../../xen/xenstore/open';
import type { Kernel } from '../../kernel/kernel';
import type { Xenstore } from '../../xen/xenstore/xenstore';
import type { CommandIo } from '../command';

export const EXIT_FAILURE = 1;

/** Runs a command's work with a connection to xenstore, which ends with it. */
export async function withXenstore(
  io: CommandIo,
  work: (store: Xenstore, kernel: Kernel) => Promise<number>,
): Promise<number> {
  const kernel = await io.openKernel(io.env);
  const store = await openXenstore(kernel, io.env);
  try {
    return await work(store, kernel);
  } finally {
    store.close();
    await kernel.close();
  }
}
