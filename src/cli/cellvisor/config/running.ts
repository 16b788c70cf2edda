import { decodeConfig } from '../../../abi/jailhouse/config/decode';
import { CellvisorError } from '../../../errors';
import { Jailhouse } from '../../../jailhouse/jailhouse';
import { openKeptConfigs } from '../../jailhouse/kept-configs';
import type { CommandIo } from '../../command';
import type { ReadConfig } from './read';

/**
 * What a running cell was created from, by the copy that was kept then. Says so on stderr: nobody else knows it.
 * @param name of a cell, or its id
 * @throws CellvisorError `E_NO_CELL`, `E_NO_COPY`
 */
export async function readRunning(name: string, io: CommandIo): Promise<ReadConfig> {
  const kernel = await io.openKernel(io.env);
  const cells = await new Jailhouse(kernel).cells();
  const cell = cells.find((one) => one.name === name) ?? cells.find((one) => `${one.id}` === name);
  if (!cell) {
    const names = cells.map((one) => JSON.stringify(one.name)).join(', ');
    throw new CellvisorError(`there is no cell ${JSON.stringify(name)}`, {
      code: 'E_NO_CELL',
      operation: 'show running cell',
      hint: cells.length > 0 ? `there are: ${names}` : 'Jailhouse is not enabled, or its driver is not loaded',
    });
  }
  const kept = await openKeptConfigs(kernel, io.env)?.find(cell);
  if (!kept) {
    throw new CellvisorError(`there is no copy of what cell ${JSON.stringify(cell.name)} was created from`, {
      code: 'E_NO_COPY',
      operation: 'show running cell',
      hint: "copies are kept by our own 'jailhouse enable' and 'jailhouse cell create', on a board for root only; no hypervisor gives a config back",
    });
  }
  io.err(`note: ${kept.path} is our own copy, kept when the cell was created; no hypervisor gives a config back\n`);
  const label = `running cell ${JSON.stringify(cell.name)} (id ${cell.id}), our copy`;
  return { path: label, sizeBytes: kept.bytes.length, decoded: decodeConfig(kept.bytes, { trailing: 'ignore' }) };
}
