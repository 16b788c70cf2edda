import { KernelError } from '../../../../errors';
import {
  CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE,
  CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED,
  CELL_NAME_MAX,
  cellArrays,
  cellCreateLayout,
  cellDescriptorLayout,
  cellSizeBytes,
  decodeCellCreate,
  decodeCellDescriptor,
  decodeConfig,
  PCI_TYPE_DEVICE,
} from '../../../../abi/jailhouse';
import { formatPciAddress } from '../../../../abi/pci/bdf';
import { Undo } from '../../../undo';
import { requireEnabled } from '../find-cell';
import { kernelCpus } from '../kernel-cpus';
import { returnCpus } from '../release-cell';
import { identityFault } from '../signatures';
import { copyFromUser, pointedTo } from '../user-memory';
import type { CellConfig, Dialect } from '../../../../abi/jailhouse';
import type { UserArgument } from '../../../syscalls';
import type { CellObject } from '../cell-object';
import type { EnabledJailhouse, JailhouseModule } from '../jailhouse-module';

const OPERATION = 'ioctl JAILHOUSE_CELL_CREATE';
/** The hypervisor refuses a larger config by its size alone. */
const HYPERVISOR_CONFIG_BYTES = 16 * 4096;
/** kmalloc gives no more than this. */
const KMALLOC_MAX_BYTES = 4 * 1024 * 1024;
const FAULT_TEXTS = {
  signature: 'jailhouse: Not a cell configuration',
  revision: 'jailhouse: Configuration revision mismatch',
  architecture: 'jailhouse: Configuration architecture mismatch',
};

interface CreateCandidate {
  readonly config: CellConfig;
  readonly configBytes: number;
}

/** JAILHOUSE_CELL_CREATE: the steps of jailhouse-abi reference 1.5 in their order. */
export async function cellCreate(
  module: JailhouseModule,
  argument: UserArgument | undefined,
  signal: AbortSignal,
): Promise<number> {
  const blob = copyBlob(argument);
  const { dialect } = module.linux.release;
  const fault =
    blob.length < cellDescriptorLayout(dialect).sizeBytes ? 'signature' : identityFault(blob, 'cell', dialect);
  if (fault) {
    module.linux.log.print(FAULT_TEXTS[fault], 'err');
    if (fault === 'architecture' && module.linux.release.ignoresForeignCellArchitecture) {
      return 0;
    }
    throw new KernelError(OPERATION, 'EINVAL');
  }
  blob[cellDescriptorLayout(dialect).offsetOf('name') + CELL_NAME_MAX] = 0;
  return await module.mutex.hold(signal, OPERATION, async () => {
    const enabled = requireEnabled(module, OPERATION);
    const { name } = decodeCellDescriptor(blob, dialect);
    if (module.cells.some((cell) => cell.name === name)) {
      throw new KernelError(OPERATION, 'EEXIST');
    }
    await create(module, enabled, decode(blob, dialect), signal);
    return 0;
  });
}

function copyBlob(argument: UserArgument | undefined): Uint8Array {
  const struct = copyFromUser(argument?.bytes, 0, cellCreateLayout.sizeBytes, OPERATION);
  const { configSize } = decodeCellCreate(struct);
  if (configSize > KMALLOC_MAX_BYTES) {
    throw new KernelError(OPERATION, 'ENOMEM');
  }
  const config = pointedTo(argument, cellCreateLayout.offsetOf('configAddress'));
  return copyFromUser(config, 0, configSize, OPERATION);
}

/**
 * Decodes the driver's copy of a config. What a header announces beyond the copy's end is checked by neither driver nor
 * hypervisor; here the memory behind it holds zeros.
 */
function decode(blob: Uint8Array, dialect: Dialect): CreateCandidate {
  const configBytes = cellSizeBytes(decodeCellDescriptor(blob, dialect), dialect);
  if (configBytes > KMALLOC_MAX_BYTES) {
    throw new KernelError(OPERATION, 'ENOMEM');
  }
  const whole = new Uint8Array(configBytes);
  whole.set(blob.subarray(0, configBytes));
  if (configBytes > HYPERVISOR_CONFIG_BYTES) {
    announceOnlyCpus(whole, dialect);
  }
  const config = decodeConfig(whole, { dialect, trailing: 'ignore' }).config as CellConfig;
  const isActive = (config.flags & CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE) !== 0;
  const flags = isActive ? (config.flags | CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED) >>> 0 : config.flags;
  return { config: { ...config, flags }, configBytes };
}

/** Spares the decoder arrays that nobody will look at. */
function announceOnlyCpus(config: Uint8Array, dialect: Dialect): void {
  const view = new DataView(config.buffer);
  for (const { property, count } of cellArrays(dialect)) {
    if (property !== 'cpuSet') {
      view.setUint32(cellDescriptorLayout(dialect).offsetOf(count), 0, true);
    }
  }
}

async function create(
  module: JailhouseModule,
  { hypervisor, rootCell }: EnabledJailhouse,
  { config, configBytes }: CreateCandidate,
  signal: AbortSignal,
): Promise<void> {
  const { linux } = module;
  const wanted = kernelCpus(config.cpuSet);
  const cell: CellObject = {
    id: module.freeId(),
    name: config.name,
    cpusAssigned: wanted.filter((cpu) => linux.cpus.possible.includes(cpu)),
    memoryRegions: config.memoryRegions,
    offlinedCpus: [],
  };
  const undo = new Undo();
  try {
    module.cells.push(cell);
    undo.push(() => module.cells.splice(module.cells.indexOf(cell), 1));
    if (!wanted.every((cpu) => rootCell.cpusAssigned.includes(cpu))) {
      throw new KernelError(OPERATION, 'EBUSY');
    }
    undo.push(() => returnCpus(module, cell.offlinedCpus));
    for (const cpu of wanted.filter((one) => linux.cpus.isOnline(one))) {
      linux.cpus.takeOffline(cpu);
      cell.offlinedCpus.push(cpu);
    }
    claimPciDevices(module, config);
    const callingCpu = linux.cpus.current;
    await hypervisor.createCell({ config, id: cell.id, configBytes, callingCpu }, signal);
  } catch (error) {
    undo.run();
    throw error;
  }
  rootCell.cpusAssigned = rootCell.cpusAssigned.filter((cpu) => !wanted.includes(cpu));
  linux.log.print(`Created Jailhouse cell "${cell.name}"`);
}

/** Physical devices that Linux has are bound to the driver's stub. These boards have none behind a virtual host. */
function claimPciDevices({ linux, enabled }: JailhouseModule, { pciDevices }: CellConfig): void {
  const known = enabled?.pciHost?.devices ?? [];
  for (const { type, domain, bdf } of pciDevices) {
    const name = formatPciAddress(domain, bdf);
    if (type === PCI_TYPE_DEVICE && known.some((device) => device.name === name)) {
      linux.log.print(`jailhouse-pci-stub ${name}: claimed for use in non-root cell`);
    }
  }
}
