import { KernelError } from '../errors';
import type { PreloadImage } from '../abi/jailhouse/ioctls';
import type { Jailhouse } from '../jailhouse/jailhouse';

export interface LinuxBoot {
  /** The cell's config, a whole .cell file. */
  readonly config: Uint8Array;
  readonly name: string;
  readonly images: readonly PreloadImage[];
}

/**
 * Creates the cell, unless one of its name exists, loads it and starts it. A cell that was created here is destroyed again
 * when a later step fails.
 *
 * @throws KernelError as the methods of `Jailhouse` do
 */
export async function bootLinux(jailhouse: Jailhouse, { config, name, images }: LinuxBoot): Promise<void> {
  const isOurs = await created(jailhouse, config);
  try {
    await jailhouse.loadCell({ name }, images);
    await jailhouse.startCell({ name });
  } catch (error) {
    if (isOurs) await jailhouse.destroyCell({ name }).catch(() => undefined);
    throw error;
  }
}

async function created(jailhouse: Jailhouse, config: Uint8Array): Promise<boolean> {
  try {
    await jailhouse.createCell(config);
    return true;
  } catch (error) {
    if (error instanceof KernelError && error.errno === 'EEXIST') return false;
    throw error;
  }
}
