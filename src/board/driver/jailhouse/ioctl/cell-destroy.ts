import { cellIdLayout, decodeCellId } from '../../../../abi/jailhouse';
import { findCell, requireEnabled } from '../find-cell';
import { destroyCellObject } from '../release-cell';
import { copyFromUser } from '../user-memory';
import type { UserArgument } from '../../../syscalls';
import type { JailhouseModule } from '../jailhouse-module';

const OPERATION = 'ioctl JAILHOUSE_CELL_DESTROY';

/** JAILHOUSE_CELL_DESTROY (jailhouse-abi reference 1.7). */
export async function cellDestroy(
  module: JailhouseModule,
  argument: UserArgument | undefined,
  signal: AbortSignal,
): Promise<number> {
  const selector = decodeCellId(copyFromUser(argument?.bytes, 0, cellIdLayout.sizeBytes, OPERATION));
  return await module.mutex.hold(signal, OPERATION, async () => {
    requireEnabled(module, OPERATION);
    await destroyCellObject(module, findCell(module, selector, OPERATION), signal);
    return 0;
  });
}
