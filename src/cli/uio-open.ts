import { CellvisorError } from '../errors';
import { uioDevices } from '../uio/attributes';
import { UioDevice } from '../uio/uio-device';
import { reportHint } from './report';
import type { Kernel } from '../kernel/kernel';
import type { CommandIo } from './command';

/**
 * Opens a device for uio_send and uio_read. A failure is printed as they print it, to stdout, and the reason to stderr.
 *
 * @returns undefined after a failure
 */
export async function openUioDevice(io: CommandIo, path: string): Promise<UioDevice | undefined> {
  const kernel = await io.openKernel(io.env);
  try {
    return await UioDevice.open(kernel, path);
  } catch (error) {
    if (!(error instanceof CellvisorError)) {
      throw error;
    }
    const opening = error.operation === `opening ${path}`;
    io.out(opening ? `error on open ${path}\n` : 'mmap failed\n');
    io.err(`${error.message}\n`);
    reportHint(error.hint ?? (opening && error.errno === 'ENOENT' ? await whichExist(kernel) : undefined), io);
    return undefined;
  }
}

async function whichExist(kernel: Kernel): Promise<string> {
  const devices = await uioDevices(kernel);
  return devices.length > 0
    ? `there are: ${devices.join(', ')}`
    : 'there is no UIO device: Jailhouse must be enabled with a config that has an ivshmem device, and uio_ivshmem.ko be loaded';
}
