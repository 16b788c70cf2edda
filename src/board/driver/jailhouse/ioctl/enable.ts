import { KernelError } from '../../../../errors';
import { decodeConfig, decodeSystemHeader, systemHeaderSizeBytes, systemSizeBytes } from '../../../../abi/jailhouse';
import { Hypervisor } from '../../../hypervisor/hypervisor';
import { Undo } from '../../../undo';
import { requireRoom, reserveHypervisorMemory } from '../hypervisor-memory';
import { kernelCpus } from '../kernel-cpus';
import { imageHeader } from '../image';
import { addRootDevices } from '../root-devices';
import { identityFault } from '../signatures';
import { copyFromUser } from '../user-memory';
import type { SystemConfig, SystemHeader } from '../../../../abi/jailhouse';
import type { UserArgument } from '../../../syscalls';
import type { VirtualPciHost } from '../../pci/virtual-host';
import type { CellObject } from '../cell-object';
import type { JailhouseModule } from '../jailhouse-module';

const OPERATION = 'ioctl JAILHOUSE_ENABLE';
const FIRMWARE = 'jailhouse.bin';
const FAULT_TEXTS = {
  signature: 'jailhouse: Not a system configuration',
  revision: 'jailhouse: Configuration revision mismatch',
  architecture: 'jailhouse: Configuration architecture mismatch',
};

/** What the driver knows of a config before it takes its lock. */
interface Candidate {
  readonly user: Uint8Array | undefined;
  readonly header: SystemHeader;
  /** Highest CPU of the root cell's set plus 1. */
  readonly maxCpus: number;
}

/** JAILHOUSE_ENABLE: the steps of jailhouse-abi reference 1.3 in their order. */
export async function enable(
  module: JailhouseModule,
  argument: UserArgument | undefined,
  signal: AbortSignal,
): Promise<number> {
  const candidate = examine(module, argument?.bytes);
  return await module.mutex.hold(signal, OPERATION, () => {
    if (module.enabled) {
      throw new KernelError(OPERATION, 'EBUSY');
    }
    loadAndEnter(module, candidate);
    return 0;
  });
}

function examine({ linux }: JailhouseModule, user: Uint8Array | undefined): Candidate {
  const { dialect } = linux.release;
  const headerBytes = copyFromUser(user, 0, systemHeaderSizeBytes(dialect), OPERATION);
  const fault = identityFault(headerBytes, 'system', dialect);
  if (fault) {
    linux.log.print(FAULT_TEXTS[fault], 'err');
    throw new KernelError(OPERATION, 'EINVAL');
  }
  const header = decodeSystemHeader(headerBytes, dialect, 'arm64');
  const cpuSet = copyFromUser(user, headerBytes.length, header.rootCell.cpuSetSize, OPERATION);
  const maxCpus = bitLength(cpuSet);
  if (maxCpus === 0) {
    throw new KernelError(OPERATION, 'EINVAL');
  }
  return { user, header, maxCpus };
}

/** The highest bit that is set, plus 1; 0 for none. */
function bitLength(bits: Uint8Array): number {
  const index = bits.findLastIndex((byte) => byte !== 0);
  return index < 0 ? 0 : 8 * index + 32 - Math.clz32(bits[index] as number);
}

function loadAndEnter(module: JailhouseModule, candidate: Candidate): void {
  const { linux } = module;
  const { header, maxCpus } = candidate;
  if (!module.hasFirmware) {
    linux.log.print(`jailhouse: Missing hypervisor image ${FIRMWARE}`, 'err');
    throw new KernelError(OPERATION, 'ENOENT');
  }
  const configBytes = systemSizeBytes(header, linux.release.dialect);
  requireRoom(linux, header, maxCpus, configBytes, OPERATION);
  module.core?.release();
  module.core = undefined;

  const undo = new Undo();
  try {
    const { physStart } = header.hypervisorMemory;
    const release = reserveHypervisorMemory(linux, header, OPERATION);
    module.forgetLastConsole();
    linux.machine.writePhysical(physStart, imageHeader(linux, maxCpus));
    module.core = { physStart, release };
    undo.push(() => {
      module.core = undefined;
      release();
    });
    enter(module, candidate, configBytes, undo);
  } catch (error) {
    undo.run();
    throw error;
  }
  linux.log.print('The Jailhouse is opening.');
  module.consoleChanged.notify();
}

function enter(module: JailhouseModule, { user, maxCpus }: Candidate, configBytes: number, undo: Undo): void {
  const { linux } = module;
  const { machine, board, release, cpus } = linux;
  const config = copyFromUser(user, 0, configBytes, OPERATION);
  const system = decodeConfig(config, { dialect: release.dialect, architecture: 'arm64' }).config as SystemConfig;

  const rootCell = rootCellOf(module, system);
  module.cells.push(rootCell);
  undo.push(() => module.cells.splice(0));

  const request = { machine, board, release, system, configBytes, maxCpus, onlineCpus: cpus.online };
  Hypervisor.takeMachine(request, (line) => linux.log.print(`jailhouse: ${line}`, 'err'));
  undo.push(() => {
    module.saveConsole();
    machine.disable();
    cpus.isVirtualized = false;
  });
  const hypervisor = Hypervisor.enter(request);
  cpus.isVirtualized = true;
  module.enabled = { hypervisor, system, rootCell, pciHost: rootDevices(module, system) };
}

/**
 * Linux looks for its devices on the CPU that enables. An access that the hypervisor forbids parks that CPU, and this call with
 * it (jailhouse-hypervisor reference 9); here the caller gets away with EIO, and nothing is enabled.
 */
function rootDevices(module: JailhouseModule, system: SystemConfig): VirtualPciHost | undefined {
  const { machine, cpus } = module.linux;
  const cpu = cpus.current;
  try {
    return addRootDevices(module, system);
  } catch (error) {
    throw machine.cpuState(cpu) === 'failed' ? new KernelError(OPERATION, 'EIO') : error;
  }
}

function rootCellOf({ linux }: JailhouseModule, { rootCell }: SystemConfig): CellObject {
  const { cpus, release } = linux;
  const present = kernelCpus(rootCell.cpuSet).filter((cpu) => cpus.possible.includes(cpu));
  return {
    id: 0,
    name: rootCell.name,
    cpusAssigned: release.masksOfflineCpus ? present.filter((cpu) => cpus.isOnline(cpu)) : present,
    memoryRegions: rootCell.memoryRegions,
    offlinedCpus: [],
  };
}
