import { readWholeFile } from './files';
import type { Jailhouse } from '../../jailhouse/jailhouse';
import type { CellHand } from '../model/hand';

/**
 * Does what a person asked for: calls of the library, as a script would make them.
 * @throws CellvisorError with the reason as its hint, where that can be found. Of several cells those before are done
 */
export async function perform(jailhouse: Jailhouse, hand: CellHand): Promise<void> {
  switch (hand.kind) {
    case 'start':
      for (const { id } of hand.cells) await jailhouse.startCell({ id });
      return;
    case 'shutdown':
      for (const { id } of hand.cells) await jailhouse.shutdownCell({ id });
      return;
    case 'destroy':
      for (const { id } of hand.cells) await jailhouse.destroyCell({ id });
      return;
    case 'load': {
      const source = await readWholeFile(hand.path);
      await jailhouse.loadCell({ id: hand.cell.id }, [{ source, targetAddress: hand.address }]);
      return;
    }
    case 'create':
      await jailhouse.createCell(hand.config);
      return;
    case 'enable':
      await jailhouse.enable(hand.config);
      return;
    case 'disable':
      await jailhouse.disable();
  }
}
