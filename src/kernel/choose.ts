import { CellvisorError } from '../errors';
import type { Kernel } from './kernel';

export const DEFAULT_BOARD = 'imx8mm-evk';

export interface KernelChoice {
  /** `hardware` or `emulated`. Default: `CELLVISOR_BACKEND`, else `hardware`. */
  readonly backend?: string | undefined;
  /**
   * Name of the emulated board. Default: `CELLVISOR_BOARD`, else `imx8mm-evk`. A name that is also a board type is powered on
   * at first use; boards of other names are started by `cellvisor board start NAME --type TYPE`.
   */
  readonly board?: string | undefined;
  /** Told what a person should know and nobody asked for, such as that the board had been killed. */
  readonly onNotice?: ((line: string) => void) | undefined;
}

/**
 * The kernel that a command talks to. Opens nothing yet.
 * @throws CellvisorError `E_BACKEND` for a backend that does not exist
 */
export async function openKernel(choice: KernelChoice = {}): Promise<Kernel> {
  const backend = choice.backend ?? (process.env['CELLVISOR_BACKEND'] || 'hardware');
  if (backend === 'hardware') {
    const { HardwareKernel } = await import('./hardware/kernel');
    return new HardwareKernel();
  }
  if (backend === 'emulated') {
    const { EmulatedKernel } = await import('./emulated/kernel');
    const { connectOrStart } = await import('./emulated/start');
    const name = chosenBoard(choice.board);
    return new EmulatedKernel(() => connectOrStart(name, {}, choice.onNotice ?? (() => undefined)));
  }
  throw new CellvisorError(`'${backend}' is not a backend`, {
    code: 'E_BACKEND',
    operation: 'choose backend',
    hint: 'the backends are hardware and emulated',
  });
}

/** The emulated board that an option, `CELLVISOR_BOARD` or the default names. */
export function chosenBoard(board?: string): string {
  return board ?? (process.env['CELLVISOR_BOARD'] || DEFAULT_BOARD);
}
