import { KernelError } from '../../errors';
import { FileTransport } from './file-transport';
import { Xenstore } from './xenstore';
import type { Kernel } from '../../kernel/kernel';

const SOCKET_NAME = 'socket';
const DEFAULT_RUN_DIRECTORY = '/run/xenstored';
const XENBUS_DEVICE = '/dev/xen/xenbus';

/** Environment variables that xenstore's own programs heed. */
export type XenstoreEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Connects to xenstore: to the socket of a xenstored in this domain (`XENSTORED_PATH`, else `socket` in `XENSTORED_RUNDIR`, else in
 * /run/xenstored), and where there is none, through the kernel (xen-abi reference 1 and 12).
 *
 * @throws KernelError `E_XENSTORE` when neither answers
 */
export async function openXenstore(kernel: Kernel, env: XenstoreEnvironment = process.env): Promise<Xenstore> {
  const path = env['XENSTORED_PATH'] || `${env['XENSTORED_RUNDIR'] || DEFAULT_RUN_DIRECTORY}/${SOCKET_NAME}`;
  try {
    return await connect(kernel, path, false);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    if (error.errno !== 'ENOENT' && error.errno !== 'ECONNREFUSED') {
      const hint = error.errno === 'EACCES' ? 'only root may: try again with sudo' : undefined;
      throw new KernelError(`connecting to ${path}`, error.errnoNumber, { code: 'E_XENSTORE', hint, cause: error });
    }
  }
  try {
    return await connect(kernel, XENBUS_DEVICE, true);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new KernelError(`connecting to xenstore at ${path} or through ${XENBUS_DEVICE}`, error.errnoNumber, {
      code: 'E_XENSTORE',
      hint: error.errno === 'EACCES' ? error.hint : 'does xenstored run, and is this dom0 of a Xen host?',
      cause: error,
    });
  }
}

async function connect(kernel: Kernel, path: string, isShared: boolean): Promise<Xenstore> {
  return Xenstore.over(new FileTransport(await kernel.open(path, { access: 'read-write' })), isShared);
}
