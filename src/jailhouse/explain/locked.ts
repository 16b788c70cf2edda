import { showCell } from './words';
import type { Evidence } from './evidence';

/** While a cell is `running/locked`, the hypervisor creates and destroys no other one (hypervisor reference 6). */
export async function explainLockedCells(evidence: Evidence): Promise<string | undefined> {
  const locked = (await evidence.cells()).find(({ state }) => state === 'running/locked');
  return (
    locked && `cell ${showCell(locked)} has locked the configuration: it must leave the state "running/locked" first`
  );
}
