import { CellvisorError } from '../errors';
import type { Kernel } from './kernel';
import type { NamedKernel } from './link';

export const DEFAULT_BOARD = 'imx8mm-evk';

export interface KernelChoice {
  /** `hardware` or `emulated`. Default: `CELLVISOR_BACKEND`, else `hardware`. Of another host: what its environment says. */
  readonly backend?: string | undefined;
  /**
   * Name of the emulated board. Default: `CELLVISOR_BOARD`, else `imx8mm-evk`. A name that is also a board type is powered on
   * at first use; boards of other names are started by `cellvisor board start NAME --type TYPE`.
   */
  readonly board?: string | undefined;
  /** Another machine, over SSH, such as `root@board` (docs/remote.md). Default: `CELLVISOR_HOST`, else this machine. */
  readonly host?: string | undefined;
  /** Told what a person should know and nobody asked for, such as that the board had been killed. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

export interface BoardsChoice extends Omit<KernelChoice, 'host'> {
  /** Default: those of `hostsFile`. */
  readonly hosts?: readonly string[] | undefined;
  /** Default: `~/.config/cellvisor/hosts` where there is one, unless a backend is chosen. */
  readonly hostsFile?: string | undefined;
}

/**
 * The kernel that a command talks to. Opens nothing yet, but connects to a host.
 * @throws CellvisorError `E_BACKEND` for a backend that does not exist, `E_HOST`; LinkError when the host is not reached
 */
export async function openKernel(choice: KernelChoice = {}): Promise<Kernel> {
  const host = choice.host ?? process.env['CELLVISOR_HOST'];
  if (!host) return openLocalKernel(choice);
  const { remoteKernel } = await import('./remote/over-ssh');
  const kernel = remoteKernel(host, agentChoice(choice), { mayAsk: true });
  try {
    await kernel.connect();
  } catch (error) {
    await kernel.close();
    throw error;
  }
  return kernel;
}

/** A kernel of this machine. @throws CellvisorError `E_BACKEND` */
export async function openLocalKernel(choice: Omit<KernelChoice, 'host'> = {}): Promise<Kernel> {
  const backend = chosenBackend(choice);
  if (backend === 'hardware') {
    const { HardwareKernel } = await import('./hardware/kernel');
    return new HardwareKernel();
  }
  if (backend === 'emulated') {
    const { EmulatedKernel, connectOrStart } = await import('./emulated');
    const name = chosenBoard(choice.board);
    return new EmulatedKernel(() => connectOrStart(name, {}, choice.onNotice ?? (() => undefined)));
  }
  throw new CellvisorError(`'${backend}' is not a backend`, {
    code: 'E_BACKEND',
    operation: 'choose backend',
    hint: 'the backends are hardware and emulated',
  });
}

/**
 * The kernels of all boards that are looked at together, for a program that goes on when one of them is not there: nobody is
 * waited for or asked for a password, and links that are lost come back by themselves. Without hosts, the one of this machine.
 * @throws CellvisorError `E_BACKEND`, `E_HOST`, `E_HOSTS_FILE`
 */
export async function openBoards(choice: BoardsChoice = {}): Promise<NamedKernel[]> {
  const hosts = await chosenHosts(choice);
  if (hosts.length === 0) {
    const name = chosenBackend(choice) === 'emulated' ? chosenBoard(choice.board) : 'this board';
    return [{ name, kernel: await openLocalKernel(choice) }];
  }
  const { remoteKernel } = await import('./remote/over-ssh');
  return hosts.map((name) => {
    const kernel = remoteKernel(name, agentChoice(choice), { mayAsk: false });
    kernel.connect().catch(() => undefined); // `link` tells it.
    return { name, kernel, link: kernel.link };
  });
}

/** The emulated board that an option, `CELLVISOR_BOARD` or the default names. */
export function chosenBoard(board?: string): string {
  return board ?? (process.env['CELLVISOR_BOARD'] || DEFAULT_BOARD);
}

function chosenBackend({ backend }: KernelChoice): string {
  return backend ?? (process.env['CELLVISOR_BACKEND'] || 'hardware');
}

/** What this side asks for is asked over there; what it leaves open is decided there. */
function agentChoice({ backend, board }: KernelChoice) {
  return {
    backend: backend ?? (process.env['CELLVISOR_BACKEND'] || undefined),
    board: board ?? (process.env['CELLVISOR_BOARD'] || undefined),
  };
}

async function chosenHosts({ hosts, hostsFile, backend }: BoardsChoice): Promise<readonly string[]> {
  if (hosts !== undefined && hosts.length > 0) return hosts;
  const { readHosts, usualHostsFile } = await import('./remote/hosts-file');
  if (hostsFile !== undefined) return readHosts(hostsFile);
  return backend === undefined ? readHosts(usualHostsFile(), { mayBeMissing: true }) : [];
}
