import { KernelError } from '../../../../errors';
import { requireEnabled } from '../find-cell';
import { destroyCellObject } from '../release-cell';
import type { JailhouseModule } from '../jailhouse-module';

const OPERATION = 'ioctl JAILHOUSE_DISABLE';

/** JAILHOUSE_DISABLE: the steps of jailhouse-abi reference 1.4 in their order. */
export async function disable(module: JailhouseModule, signal: AbortSignal): Promise<number> {
  return await module.mutex.hold(signal, OPERATION, async () => {
    const { hypervisor, rootCell, pciHost } = requireEnabled(module, OPERATION);
    const { cpus, machine, log } = module.linux;
    for (const cell of module.cells.filter((one) => one !== rootCell)) {
      try {
        await destroyCellObject(module, cell, signal);
      } catch (error) {
        log.print(`Jailhouse: failed to destroy cell "${cell.name}"`, 'err');
        throw error;
      }
    }
    pciHost?.remove();
    if (cpus.online.length !== rootCell.cpusAssigned.length) {
      throw new KernelError(OPERATION, 'EBUSY');
    }
    hypervisor.leave();
    module.saveConsole();
    machine.disable();
    cpus.isVirtualized = false;
    module.cells.length = 0;
    module.enabled = undefined;
    log.print('The Jailhouse was closed.');
    module.consoleChanged.notify();
    return 0;
  });
}
