import { explainConsole } from './console';
import { explainCreate } from './create';
import { explainDisable } from './disable';
import { explainEnable } from './enable';
import { Evidence } from './evidence';
import { explainLoad } from './load';
import { explainWhichCell } from './which-cell';
import type { Kernel } from '../../kernel/kernel';
import type { FindCellConfigs, Refusal } from './refusal';

/**
 * Finds out why a call failed, from what it was given and from what the system shows afterwards.
 *
 * @returns one line that says what to do, or undefined when the reason was not found. Never throws: a search that fails
 * must not hide the error.
 */
export async function explainRefusal(
  kernel: Kernel,
  refusal: Refusal,
  findCellConfigs: FindCellConfigs,
): Promise<string | undefined> {
  try {
    return await explain(refusal, new Evidence(kernel, refusal.startedAtNs), findCellConfigs);
  } catch {
    return undefined;
  }
}

function explain(refusal: Refusal, evidence: Evidence, findCellConfigs: FindCellConfigs) {
  switch (refusal.operation) {
    case 'JAILHOUSE_ENABLE':
      return explainEnable(refusal, evidence);
    case 'JAILHOUSE_DISABLE':
      return explainDisable(refusal, evidence);
    case 'JAILHOUSE_CELL_CREATE':
      return explainCreate(refusal, evidence, findCellConfigs);
    case 'JAILHOUSE_CELL_LOAD':
      return explainLoad(refusal, evidence, findCellConfigs);
    case 'JAILHOUSE_CELL_START':
    case 'JAILHOUSE_CELL_DESTROY':
    case 'reading stats':
      return explainWhichCell(refusal.errno, refusal.selector, evidence);
    case 'read(console)':
      return explainConsole(refusal);
  }
}
