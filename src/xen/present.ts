import { PRIVCMD_PATH } from '../abi/xen/privcmd';
import { KernelError } from '../errors';
import type { Kernel } from '../kernel/kernel';

/** Says `control_d` in dom0, where xenfs is mounted. */
const CAPABILITIES_PATH = '/proc/xen/capabilities';

/**
 * Whether this is dom0 of a Xen, as far as that can be told without asking the hypervisor. A guest, too, may have the device
 * for hypercalls.
 */
export async function isXenThere(kernel: Kernel): Promise<boolean> {
  try {
    await kernel.stat(PRIVCMD_PATH);
  } catch (error) {
    if (error instanceof KernelError) return false;
    throw error;
  }
  try {
    return new TextDecoder().decode(await kernel.readFile(CAPABILITIES_PATH)).includes('control_d');
  } catch (error) {
    if (error instanceof KernelError) return true;
    throw error;
  }
}
