import { KernelError } from '../../errors';
import { Undo } from '../undo';
import { CELL_SHUT_DOWN } from '../../abi/jailhouse';
import { listPages } from './cell-memory';
import { writeWord } from './comm-words';
import { cellPages } from './footprint';
import { machineCell } from './machine-cell';
import { publishInfo } from './info';
import { withinLimits } from './machine-limits';
import { announceReconfiguration } from './messages';
import { moveCpus, requestedCpus } from './ownership/cpus';
import { ownedIntids } from './ownership/irqs';
import { mapRegions, returnToRoot, takeFromRoot } from './ownership/memory';
import { addDevices, deviceTablePages, leaveLinks } from './ownership/pci';
import { PAGE_SIZE } from './page-pool';
import { isLocked } from './prologue';
import { Stage2Tables } from './stage2-tables';
import { rootCellOf } from './state';
import { texts } from './texts';
import type { CellConfig } from '../../abi/jailhouse';
import type { HypervisorCell, HypervisorState } from './state';

const OPERATION = 'hypercall CELL_CREATE';
const CONFIG_PAGES_MAX = 16;
const ID_MAX = 0xff;

export interface CreateRequest {
  readonly config: CellConfig;
  readonly id: number;
  /** Of the config with all its arrays. */
  readonly configBytes: number;
  /** The CPU that makes the hypercall. */
  readonly callingCpu: number;
}

/**
 * Creates a cell, shut down, after the checks of jailhouse-hypervisor reference 6.1 in their order. A failure leaves
 * everything as it was.
 *
 * @throws KernelError EPERM, EEXIST, E2BIG, ENOMEM, EINVAL, EBUSY
 */
export async function createCell(state: HypervisorState, request: CreateRequest, signal: AbortSignal): Promise<void> {
  if (isLocked(state)) {
    throw new KernelError(OPERATION, 'EPERM');
  }
  const { config, id, configBytes } = request;
  if (state.cells.some((cell) => cell.config.name === config.name || cell.id === id)) {
    throw new KernelError(OPERATION, 'EEXIST');
  }
  if (configBytes > CONFIG_PAGES_MAX * PAGE_SIZE) {
    throw new KernelError(OPERATION, 'E2BIG');
  }
  const undo = new Undo();
  let cell: HypervisorCell;
  try {
    cell = build(state, request, undo);
  } catch (error) {
    undo.run();
    publishInfo(state);
    throw error;
  }
  publishInfo(state);
  await announceReconfiguration(state, signal);
  state.machine.consoleWrite(texts.created(cell.config.name));
  state.machine.consoleWrite(texts.pools('after cell creation', state));
}

function build(state: HypervisorState, request: CreateRequest, undo: Undo): HypervisorCell {
  const { machine, memPool, board, release, system } = state;
  const { config, id } = request;
  const root = rootCellOf(state);
  const take = (pages: number) => {
    memPool.allocate(pages);
    undo.push(() => memPool.free(pages));
    return pages;
  };

  let ownPages = take(cellPages(request.configBytes, release));
  ownPages += take(listPages(config, board, system.pciMmconfigBase !== 0n, OPERATION));
  const cpus = requestedCpus(config, root, request.callingCpu, OPERATION);
  if (id > ID_MAX) {
    throw new KernelError(OPERATION, 'E2BIG');
  }
  const tables = new Stage2Tables(memPool, board.physicalAddressBits);
  undo.push(() => tables.release());
  const cell: HypervisorCell = { id, config, cpus: [], tables, ownPages, loadable: false };

  const intids = ownedIntids(config, board.gic.gicdBase, release, OPERATION);
  cell.ownPages += take(deviceTablePages(state, cell));
  undo.push(() => leaveLinks(state, cell));
  addDevices(state, cell, OPERATION);

  undo.push(() => returnToRoot(state, cell));
  takeFromRoot(state, cell);
  mapRegions(cell);
  if (release.printsIommu) {
    machine.consoleWrite(texts.iommuCommit(config.name));
  }
  withinLimits(
    OPERATION,
    (line) => machine.consoleWrite(`${line}\n`),
    () => machine.createCell(machineCell(id, config, cpus, intids, release)),
  );
  moveCpus(cpus, root, cell);
  state.cells.push(cell);
  writeWord(state, cell, 'cellState', CELL_SHUT_DOWN);
  return cell;
}
