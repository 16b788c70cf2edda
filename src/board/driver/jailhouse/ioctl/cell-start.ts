import { cellIdLayout, decodeCellId } from '../../../../abi/jailhouse';
import { findCell, requireEnabled } from '../find-cell';
import { copyFromUser } from '../user-memory';
import type { UserArgument } from '../../../syscalls';
import type { JailhouseModule } from '../jailhouse-module';

const OPERATION = 'ioctl JAILHOUSE_CELL_START';

/** JAILHOUSE_CELL_START (jailhouse-abi reference 1.7). A running cell is started again. */
export async function cellStart(
  module: JailhouseModule,
  argument: UserArgument | undefined,
  signal: AbortSignal,
): Promise<number> {
  const selector = decodeCellId(copyFromUser(argument?.bytes, 0, cellIdLayout.sizeBytes, OPERATION));
  return await module.mutex.hold(signal, OPERATION, async () => {
    const { hypervisor } = requireEnabled(module, OPERATION);
    const cell = findCell(module, selector, OPERATION);
    await hypervisor.startCell(cell.id, module.linux.cpus.current, signal);
    return 0;
  });
}
