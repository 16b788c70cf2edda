import { connect } from 'node:net';
import { KernelError } from '../../errors';
import { SocketTransport } from '../../wire/socket-transport';
import { XenbusTransport } from './xenbus';
import { Xenstore } from './xenstore';
import type { Socket } from 'node:net';
import type { Kernel } from '../../kernel/kernel';

const SOCKET_NAME = 'socket';
const DEFAULT_RUN_DIRECTORY = '/run/xenstored';
const XENBUS_DEVICE = '/dev/xen/xenbus';

/** Environment variables that xenstore's own programs heed. */
export type XenstoreEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Connects to xenstore: to the socket of a xenstored in this domain (`XENSTORED_PATH`, else `socket` in `XENSTORED_RUNDIR`, else in
 * /run/xenstored), and where there is none, through the kernel.
 *
 * @throws KernelError `E_XENSTORE` when neither answers
 */
export async function openXenstore(kernel: Kernel, env: XenstoreEnvironment = process.env): Promise<Xenstore> {
  const path = env['XENSTORED_PATH'] || `${env['XENSTORED_RUNDIR'] || DEFAULT_RUN_DIRECTORY}/${SOCKET_NAME}`;
  const socket = await connectSocket(path);
  if (socket !== undefined) return Xenstore.over(new SocketTransport(socket, false), false);
  try {
    const file = await kernel.open(XENBUS_DEVICE, { access: 'read-write' });
    return Xenstore.over(new XenbusTransport(file), true);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new KernelError(`connecting to xenstore at ${path} or through ${XENBUS_DEVICE}`, error.errnoNumber, {
      code: 'E_XENSTORE',
      hint: error.errno === 'EACCES' ? error.hint : 'does xenstored run, and is this dom0 of a Xen host?',
      cause: error,
    });
  }
}

/** @returns undefined where nobody listens */
function connectSocket(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else {
        const hint = error.code === 'EACCES' ? 'only root may: try again with sudo' : undefined;
        reject(
          new KernelError(`connecting to ${path}`, error.errno ?? 'EIO', { code: 'E_XENSTORE', hint, cause: error }),
        );
      }
    };
    socket.once('error', onError);
    socket.once('connect', () => {
      socket.removeListener('error', onError);
      resolve(socket);
    });
  });
}
