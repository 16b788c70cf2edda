import { readConsole, uartsOf } from './console';
import { readCpus, withCpusOf } from './cpus';
import { readDevices } from './devices';
import { readGic } from './gic';
import { allSpis } from './irqs';
import { boardNames, knownBoard } from './known-board';
import { readRam, readReserved } from './ram';
import { readSmmus } from './smmu';
import type { BoardDescription, MemoryRange, ReservedMemory } from '../../boards';
import type { DeviceTree } from '../../fdt';
import type { Uart } from './console';
import type { Cpu } from './cpus';
import type { Device } from './devices';
import type { Gic } from './gic';
import type { Smmu } from './smmu';

/** What configs need to know of a board. */
export interface BoardFacts {
  /** `imx8mm-evk`. */
  readonly name: string;
  /** `imx8mm`: also the name of the root cell. */
  readonly soc: string;
  readonly model: string;
  readonly cpus: readonly Cpu[];
  /** Trees of a kernel package can list fewer. */
  readonly cpusInTree: number;
  readonly ram: readonly MemoryRange[];
  /** Somebody vouches for the RAM. Trees of a kernel package only have what boot loaders then correct. */
  readonly isRamCertain: boolean;
  readonly reserved: readonly ReservedMemory[];
  readonly gic: Gic;
  readonly devices: readonly Device[];
  readonly uarts: readonly Uart[];
  readonly console: Uart;
  readonly smmus: readonly Smmu[];
  /** SPIs that some device is wired to. */
  readonly usedSpis: ReadonlySet<number>;
  /** The board of the guide that this is. */
  readonly known: BoardDescription | undefined;
}

/** What a person, or the running system, knows better than the tree. */
export interface Corrections {
  readonly ram?: readonly MemoryRange[] | undefined;
  /** Name of the UART for the hypervisor. */
  readonly console?: string | undefined;
  /** The boot loader has been at the tree. */
  readonly isLive?: boolean;
  /** Number of CPUs that are there. */
  readonly cpuCount?: number | undefined;
}

/**
 * @throws CellvisorError `E_CREATE_...` for a tree that lacks what Jailhouse needs
 * @throws FdtError for a tree that contradicts itself
 */
export function readBoardFacts(tree: DeviceTree, corrections: Corrections = {}): BoardFacts {
  const gic = readGic(tree);
  const devices = readDevices(tree, gic);
  const uarts = uartsOf(devices);
  const known = knownBoard(tree);
  const names = boardNames(tree);
  const cpus = readCpus(tree);
  const name = names[0] ?? known?.name ?? 'board';
  return {
    name,
    soc: names.length > 1 ? (names.at(-1) as string) : (name.split('-', 1)[0] as string),
    model: tree.root.string('model') ?? name,
    cpus: known && !corrections.isLive ? withCpusOf(known, cpus) : cpus.slice(0, corrections.cpuCount),
    cpusInTree: cpus.length,
    ram: corrections.ram ?? readRam(tree),
    isRamCertain: corrections.ram !== undefined || (corrections.isLive ?? false),
    reserved: readReserved(tree),
    gic,
    devices: devices.map((device) => uarts.find(({ path }) => path === device.path) ?? device),
    uarts,
    console: readConsole(tree, uarts, corrections.console),
    smmus: readSmmus(tree),
    usedSpis: allSpis(tree, gic.node),
    known,
  };
}
