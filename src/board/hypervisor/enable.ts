import { KernelError } from '../../errors';
import { cpusOf, SYS_FLAG_VIRTUAL_DEBUG_CONSOLE } from '../../abi/jailhouse';
import { listPages } from './cell-memory';
import {
  bootPages,
  cpuPages,
  gicRemapPages,
  memPoolPages,
  pagingPages,
  REMAP_POOL_PAGES,
  remapTablePages,
} from './footprint';
import { machineCell } from './machine-cell';
import { withinLimits } from './machine-limits';
import { ownedIntids } from './ownership/irqs';
import { mapRegions } from './ownership/memory';
import { addDevices, deviceTablePages } from './ownership/pci';
import { PagePool } from './page-pool';
import { Stage2Tables } from './stage2-tables';
import { rootCellOf } from './state';
import { texts } from './texts';
import type { SystemConfig } from '../../abi/jailhouse';
import type { BoardDescription } from '../../boards';
import type { Machine } from '../machine';
import type { Release } from '../releases';
import type { HypervisorCell, HypervisorState } from './state';

const OPERATION = 'enter hypervisor';

export interface EnableRequest {
  readonly machine: Machine;
  readonly board: BoardDescription;
  readonly release: Release;
  readonly system: SystemConfig;
  readonly configBytes: number;
  /** Highest CPU of the root cell's set plus 1. */
  readonly maxCpus: number;
  /** CPUs that enter, in the order of their arrival. */
  readonly onlineCpus: readonly number[];
}

/**
 * Sets the hypervisor up on a machine that it has taken over (jailhouse-abi reference 5.3 and 5.4).
 *
 * @throws KernelError ENOMEM, EINVAL, ENODEV
 */
export function enable(request: EnableRequest): HypervisorState {
  const { machine, release, system, onlineCpus } = request;
  const print = (text: string) => machine.consoleWrite(text);
  print(texts.initializing(release.version, onlineCpus[0] as number));
  print(texts.codeLocation());

  const state = earlySetup(request);
  print(texts.pools('after early setup', state));

  print(texts.initializingProcessors());
  for (const cpu of onlineCpus) {
    print(texts.processor(cpu));
    try {
      enterCpu(state, cpu);
    } catch (error) {
      print(texts.processorFailed());
      throw error;
    }
    print(texts.processorOk());
  }
  if (onlineCpus.length !== rootCellOf(state).cpus.length) {
    throw new KernelError(OPERATION, 'EINVAL');
  }

  for (const unit of release.units) {
    print(texts.initializingUnit(unit));
    initializeUnit(state, unit, request.maxCpus);
  }
  mapRegions(rootCellOf(state));
  if (release.printsIommu) {
    commitIommu(state, system);
  }
  print(texts.pools('after late setup', state));
  print(texts.activating());
  return state;
}

/**
 * Gives the machine to the hypervisor, with its console.
 *
 * @throws KernelError EINVAL for what only the emulator cannot do; `tell` gets the reason
 */
export function takeMachine({ machine, board, release, system }: EnableRequest, tell: (line: string) => void): void {
  const { arm, rootCell } = system;
  const debugUart = board.uarts.find(({ physStart }) => physStart === system.debugConsole.address);
  const gicdBase = arm?.gicdBase ?? board.gic.gicdBase;
  const options = {
    traits: release.traits,
    debugUart: debugUart?.physStart,
    virtualConsole: ((system.flags ?? 0) & SYS_FLAG_VIRTUAL_DEBUG_CONSOLE) !== 0,
    maintenanceIntid: arm?.maintenanceIrq ?? 0,
    mmconfig:
      system.pciMmconfigBase === 0n ? undefined : { base: system.pciMmconfigBase, endBus: system.pciMmconfigEndBus },
    rootCell: machineCell(
      0,
      rootCell,
      cpusOf(rootCell.cpuSet.subarray(0, board.cpus.length)).filter((cpu) => cpu < board.cpus.length),
      // Checked again by the irqchip unit, which refuses a bad config only after the console has said how far it came.
      intidsOrNone(system, gicdBase, release),
      release,
    ),
  };
  withinLimits(OPERATION, tell, () => machine.enable(options));
}

function intidsOrNone(system: SystemConfig, gicdBase: bigint, release: Release): number[] {
  try {
    return ownedIntids(system.rootCell, gicdBase, release, OPERATION);
  } catch {
    return [];
  }
}

function earlySetup({ machine, board, release, system, configBytes, maxCpus }: EnableRequest): HypervisorState {
  const memory = system.hypervisorMemory;
  const poolPages = memPoolPages(Number(memory.size), release);
  const taken = bootPages(poolPages, maxCpus, configBytes, release);
  if (poolPages <= taken) {
    throw new KernelError(OPERATION, 'ENOMEM');
  }
  const memPool = new PagePool(poolPages);
  memPool.allocate(taken + pagingPages(Number(memory.size)));
  const { rootCell } = system;
  const ownPages = listPages(rootCell, board, system.pciMmconfigBase !== 0n, OPERATION);
  memPool.allocate(ownPages);
  const root: HypervisorCell = {
    id: 0,
    config: rootCell,
    cpus: cpusOf(rootCell.cpuSet),
    tables: new Stage2Tables(memPool, board.physicalAddressBits),
    ownPages,
    loadable: false,
  };
  root.tables.mapToOnePage(memory.physStart, memory.size);
  return {
    machine,
    board,
    release,
    system,
    memPool,
    remapPool: new PagePool(REMAP_POOL_PAGES),
    cells: [root],
    links: [],
  };
}

function enterCpu(state: HypervisorState, cpu: number): void {
  if (!rootCellOf(state).cpus.includes(cpu)) {
    throw new KernelError(OPERATION, 'EINVAL');
  }
  state.memPool.allocate(cpuPages());
}

function initializeUnit(state: HypervisorState, unit: Release['units'][number], maxCpus: number): void {
  switch (unit) {
    case 'irqchip':
      return initializeGic(state, maxCpus);
    case 'ARM SMMU':
      return state.release.printsIommu ? initializeSmmu(state) : undefined;
    case 'PCI':
      state.memPool.allocate(deviceTablePages(state, rootCellOf(state)));
      return addDevices(state, rootCellOf(state), OPERATION);
    case 'ARM SMMU v3':
    case 'PVU IOMMU':
      return undefined;
  }
}

function initializeGic(
  { machine, board, release, system, memPool, remapPool }: HypervisorState,
  maxCpus: number,
): void {
  const gic = system.arm;
  if (gic?.gicVersion !== 2 && gic?.gicVersion !== 3) {
    throw new KernelError(OPERATION, 'EINVAL');
  }
  if (gic.gicVersion === 2 || gic.gicdBase !== board.gic.gicdBase) {
    throw new KernelError(OPERATION, 'ENODEV');
  }
  const pages = gicRemapPages(maxCpus);
  remapPool.allocate(pages);
  memPool.allocate(remapTablePages(pages));
  if (gic.gicrBase !== board.gic.gicrBase) {
    machine.consoleWrite(texts.noRedistributor(0));
    throw new KernelError(OPERATION, 'ENODEV');
  }
  ownedIntids(system.rootCell, gic.gicdBase, release, OPERATION);
}

function initializeSmmu({ machine, system }: HypervisorState): void {
  const units = (system.iommuUnits ?? []).filter(({ base }) => base !== 0n);
  if (units.length === 0) {
    machine.consoleWrite(texts.noSmmu());
  }
  for (const unit of units) {
    machine.consoleWrite(texts.probingSmmu(unit.armSmmuArch === 2 ? 2 : 1));
  }
}

function commitIommu({ machine }: HypervisorState, { iommuUnits, rootCell }: SystemConfig): void {
  machine.consoleWrite(texts.iommuCommit(rootCell.name));
  if (iommuUnits?.some(({ base }) => base !== 0n)) {
    machine.consoleWrite(texts.smmuMasters(rootCell.smmuSids?.length ?? 0));
  }
}
