import { KernelError } from '../../../errors';
import { BuildError } from '../build-error';
import type { DomainConfig } from '../../config';
import type { Hypervisor } from '../../hypervisor/hypervisor';

/**
 * Interrupts, device memory, assigned devices, in this order (xen-abi reference 17). All of them go with the domain.
 * @throws BuildError `E_XEN_CONFIG` that names the key and the item
 */
export async function passDevicesThrough({ devices }: Hypervisor, domid: number, config: DomainConfig): Promise<void> {
  for (const intid of config.interrupts) {
    await naming(`irqs: ${intid}`, async () => {
      await devices.allowInterrupt(domid, intid);
      await devices.bindInterrupt(domid, intid);
    });
  }
  for (const { firstFrame, frameCount, firstGuestFrame = firstFrame } of config.ioMemory) {
    await naming(`iomem: 0x${firstFrame.toString(16)},0x${frameCount.toString(16)}`, async () => {
      await devices.allowMemory(domid, firstFrame, frameCount);
      await devices.mapMemory(domid, firstGuestFrame, firstFrame, frameCount);
    });
  }
  for (const path of config.assignedDevices) {
    await naming(`dtdev: ${path}`, () => devices.assign(domid, path));
  }
}

const REASONS: Partial<Record<string, string>> = {
  EBUSY: 'another domain has it',
  EPERM: 'this domain may not have it: is it used by dom0 or by Xen?',
  ENODEV: 'there is no such device, or no IOMMU for it',
  EINVAL: 'Xen does not have it',
};

async function naming(item: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new BuildError('E_XEN_CONFIG', `${item}: ${error.message}`, REASONS[error.errno ?? ''], error);
  }
}
