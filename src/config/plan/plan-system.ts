import { dialectTraits } from '../../abi/jailhouse';
import { rootSpiCount, virtualSpiCandidates } from '../create/irqs';
import { findPlaces } from '../create/places';
import { leastBytes, placeCells, usualBytes } from './cell-memory';
import { planCell } from './plan-cell';
import { planCpus } from './cpus';
import { endsOf, leastSharedBytes, linksOf, placeLinks, ROOT, usualSharedBytes } from './links';
import { planRoot } from './plan-root';
import { takeVirtualIrqs } from './virtual-irqs';
import { defaultWishes } from './default-wishes';
import { cannot } from '../create/create-error';
import type { Dialect } from '../../abi/jailhouse';
import type { BoardFacts } from '../create/board-facts';
import type { DeviceRegions } from '../create/devices';
import type { Placement, Sizes } from '../create/places';
import type { CellContext } from './plan-cell';
import type { Plan } from './plan';
import type { Wish } from './wish';

export interface PlanOptions {
  readonly dialect: Dialect;
  /** None: an inmate, and a second Linux where there are CPUs for it. */
  readonly wishes: readonly Wish[];
  readonly deviceRegions: DeviceRegions;
  /** Default 4 MiB, as in NXP's configs. */
  readonly hypervisorBytes?: bigint | undefined;
  /** Memory for all cells; default: what they wish for, and at least what is reserved. */
  readonly inmateBytes?: bigint | undefined;
}

const HYPERVISOR_BYTES = 0x40_0000n;
/** First revision with ivshmem v2 (jailhouse-abi reference 3.7). */
const IVSHMEM_V2_REVISION = 12;

/**
 * Decides everything that configs have to say.
 *
 * @throws CellvisorError `E_CREATE_...` for what the board cannot give
 */
export function planSystem(facts: BoardFacts, options: PlanOptions): Plan {
  const { dialect } = options;
  const notes: string[] = [];
  const wishes = options.wishes.length > 0 ? options.wishes : defaultWishes(facts, notes);
  requireNames(wishes, facts.soc);
  const { revision, vendor } = dialectTraits(dialect);
  const version: 1 | 2 = revision >= IVSHMEM_V2_REVISION ? 2 : 1;
  const cpus = planCpus(wishes, facts.cpus);
  const linkCells = linksOf(wishes, version);
  const placement = place(facts, wishes, linkCells.length, options);
  const ram = placeCells(wishes, placement.places.inmates);
  const links = placeLinks(linkCells, placement.places.sharedMemory, version);

  const spiCount = rootSpiCount(facts.usedSpis);
  const taken = new Set([...facts.usedSpis, ...wishes.flatMap(({ spis }) => spis)]);
  const candidates = virtualSpiCandidates(facts.soc, facts.usedSpis);
  const irqs = (name: string) => {
    const ends = endsOf(name, links);
    return ends.length === 0 ? undefined : takeVirtualIrqs(ends, candidates, taken, spiCount);
  };
  const rootIrqs = irqs(ROOT);
  const context: CellContext = {
    facts,
    placement,
    spiCount,
    isToldByNxp: vendor === 'nxp' && version === 1,
    owners: new Map(),
    notes,
  };
  const cells = wishes.map((wish) =>
    planCell(
      wish,
      {
        cpus: cpus.get(wish.name) ?? [],
        ram: ram.get(wish.name) ?? placement.places.inmates,
        loader: loaderFor(wish, wishes, placement),
        ends: endsOf(wish.name, links),
        virtualIrqs: irqs(wish.name),
      },
      context,
    ),
  );
  const root = planRoot(facts, placement, links, options.deviceRegions, spiCount, rootIrqs?.base);
  noteCpus(facts, notes);
  const smmus = vendor === 'nxp' ? facts.smmus : [];
  if (smmus.length < facts.smmus.length) {
    notes.push(`the SMMU is left as it is: only configs for NXP's releases are made with one`);
  }
  return { facts, placement, dialect, smmus, root, cells, notes };
}

function place(facts: BoardFacts, wishes: readonly Wish[], linkCount: number, options: PlanOptions): Placement {
  const sizes: Sizes = {
    hypervisor: options.hypervisorBytes ?? HYPERVISOR_BYTES,
    sharedMemory: leastSharedBytes(linkCount),
    inmates: larger(leastBytes(wishes), options.inmateBytes ?? 0n),
  };
  const total = facts.ram.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0n);
  const found = findPlaces(facts, sizes);
  if (found.origin !== 'new') return found;
  return findPlaces(facts, {
    ...sizes,
    sharedMemory: usualSharedBytes(linkCount),
    inmates: larger(options.inmateBytes ?? usualBytes(wishes, total), sizes.inmates),
  });
}

/** A page of 64 KiB for the loader of each Linux. */
const LOADER_BYTES = 0x1_0000n;

function loaderFor(wish: Wish, wishes: readonly Wish[], { places }: Placement) {
  const index = wishes.filter(({ kind }) => kind === 'linux').indexOf(wish);
  return { physStart: places.loader.physStart + BigInt(Math.max(0, index)) * LOADER_BYTES, sizeBytes: LOADER_BYTES };
}

/** The inmate loaders' place has room for so many. */
const MOST_LINUX_CELLS = 16;

function requireNames(wishes: readonly Wish[], soc: string): void {
  const names = wishes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw cannot('E_CREATE_WISH', `there are two cells '${twice}'`);
  if (names.includes(soc)) throw cannot('E_CREATE_WISH', `'${soc}' is the name of the root cell`);
  if (wishes.filter(({ kind }) => kind === 'linux').length > MOST_LINUX_CELLS) {
    throw cannot('E_CREATE_WISH', `there can be ${MOST_LINUX_CELLS} Linux cells`);
  }
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** The driver refuses a root cell that lacks a CPU that Linux uses. */
function noteCpus({ cpus, cpusInTree, known }: BoardFacts, notes: string[]): void {
  if (!known || known.cpus.length === cpusInTree) return;
  const advice =
    cpus.length === cpusInTree
      ? ': a kernel that uses the others needs configs made of its own device tree'
      : ', and the configs are for all of them: for a kernel that uses this tree, make them on the board';
  notes.push(`the device tree has ${cpusInTree} CPUs, ${known.name} has ${known.cpus.length}${advice}`);
}
