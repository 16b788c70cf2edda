import { cpusOf } from '../../abi/jailhouse/bitmap';
import { decodeConfig } from '../../abi/jailhouse/config/decode';
import { PCI_TYPE_IVSHMEM } from '../../abi/jailhouse/config/pci';
import { formatBdf } from '../../abi/pci/bdf';
import { explainByCheck } from './checked';
import { explainConfigFile } from './config-file';
import { explainLockedCells } from './locked';
import { NOT_ENABLED, listWords, showCell, showCpus, verb } from './words';
import type { CellConfig } from '../../abi/jailhouse/config/cell';
import type { Evidence } from './evidence';
import type { ConfigRefusal, FindCellConfigs } from './refusal';

export async function explainCreate(
  refusal: ConfigRefusal,
  evidence: Evidence,
  findCellConfigs: FindCellConfigs,
): Promise<string | undefined> {
  const byCheck = (errno: 'EBUSY' | 'EINVAL' | 'E2BIG') =>
    explainByCheck(refusal.config, errno, evidence, findCellConfigs);
  switch (refusal.errno) {
    case 'EEXIST':
      return explainExists(refusal.config, evidence);
    case 'EBUSY':
      return explainBusy(cellOf(refusal.config), evidence, () => byCheck('EBUSY'));
    case 'EPERM':
      return explainLockedCells(evidence);
    case 'ENOMEM':
      return explainMemory(evidence);
    case 'EINVAL':
    case 'E2BIG':
    case 'EFAULT':
      return explainInvalid(refusal.config, evidence, () => byCheck(refusal.errno === 'E2BIG' ? 'E2BIG' : 'EINVAL'));
    default:
      return undefined;
  }
}

async function explainExists(bytes: Uint8Array, evidence: Evidence): Promise<string | undefined> {
  const { name } = cellOf(bytes);
  const cell = (await evidence.cells()).find((one) => one.name === name);
  if (!cell) {
    return undefined;
  }
  return cell.id === 0
    ? `the root cell is named ${JSON.stringify(name)}, too: give this one another name`
    : `cell ${showCell(cell)} exists; to create it anew, destroy it first: jailhouse cell destroy ${cell.id}`;
}

/** What the configs say. */
type ByCheck = () => Promise<string | undefined>;

async function explainBusy(cell: CellConfig, evidence: Evidence, byCheck: ByCheck): Promise<string | undefined> {
  const wanted = cpusOf(cell.cpuSet);
  const cells = await evidence.cells();
  for (const owner of cells.filter(({ id }) => id !== 0)) {
    const taken = wanted.filter((cpu) => owner.assignedCpus.includes(cpu));
    if (taken.length > 0) {
      const belong = verb(taken.length, 'belongs', 'belong');
      return `${showCpus(taken)} ${belong} to cell ${showCell(owner)}; free ${verb(taken.length, 'it', 'them')} with: jailhouse cell destroy ${owner.id}`;
    }
  }
  const root = cells.find(({ id }) => id === 0);
  if (!root) {
    return undefined;
  }
  const foreign = wanted.filter((cpu) => !root.assignedCpus.includes(cpu));
  if (foreign.length > 0) {
    return `${showCpus(foreign)} ${verb(foreign.length, 'is', 'are')} not in the root cell, which has ${showCpus(root.assignedCpus)}`;
  }
  if (root.assignedCpus.every((cpu) => wanted.includes(cpu))) {
    return `the cell asks for all of the root cell's CPUs (${listWords(root.assignedCpus)}); Linux must keep one`;
  }
  const checked = await byCheck();
  if (checked !== undefined) {
    return checked;
  }
  const links = cell.pciDevices.filter(({ type }) => type === PCI_TYPE_IVSHMEM).map(({ bdf }) => formatBdf(bdf));
  return links.length > 0
    ? `the shared memory device ${listWords(links)} already connects as many cells as it can: destroy one of them`
    : undefined;
}

async function explainMemory(evidence: Evidence): Promise<string | undefined> {
  const [mem, remap] = [await evidence.pool('mem'), await evidence.pool('remap')];
  return mem && remap
    ? `the hypervisor's memory is used up (pages: mem ${mem.usedPages}/${mem.sizePages}, remap ${remap.usedPages}/${remap.sizePages}): destroy a cell, or give hypervisor_memory more`
    : undefined;
}

async function explainInvalid(bytes: Uint8Array, evidence: Evidence, byCheck: ByCheck): Promise<string | undefined> {
  if ((await evidence.enabled()) === false) {
    return NOT_ENABLED;
  }
  const file = await explainConfigFile(bytes, 'cell', evidence);
  if (file !== undefined) {
    return file;
  }
  const checked = await byCheck();
  if (checked !== undefined) {
    return checked;
  }
  const cell = cellOf(bytes);
  const links = cell.pciDevices.filter(({ type }) => type === PCI_TYPE_IVSHMEM).map(({ bdf }) => formatBdf(bdf));
  return links.length > 0
    ? `the shared memory of device ${listWords(links)} must have the address, size and protocol that its other end has: compare with the config that Jailhouse was enabled with`
    : undefined;
}

function cellOf(bytes: Uint8Array): CellConfig {
  const decoded = decodeConfig(bytes, { trailing: 'ignore' });
  return decoded.kind === 'cell' ? decoded.config : decoded.config.rootCell;
}
