import { MEM_COMM_REGION, MEM_IO } from '../../abi/jailhouse';
import { readRam, readReservedMemory } from '../device-tree';
import { ok, problem } from '../finding';
import { readIomem } from '../iomem';
import { covers, overlaps, showRange } from '../memory-range';
import type { MemoryRegion } from '../../abi/jailhouse';
import type { ReservedRange } from '../device-tree';
import type { ExaminedConfig } from '../examined-config';
import type { Finding } from '../finding';
import type { IomemEntry } from '../iomem';
import type { LiveSystem } from '../live-system';
import type { MemoryRange } from '../memory-range';

/** What does not stand in the way: memory that is reserved, and what an earlier enable took for itself. */
const FREE = ['reserved', 'Jailhouse hypervisor'];
const BOOT_TREE = 'boot with the Jailhouse device tree (in U-Boot: run jh_mmcboot or run jh_netboot)';

interface MemoryMap {
  /** What somebody uses; undefined where it cannot be seen. */
  readonly used: readonly IomemEntry[] | undefined;
  readonly reserved: readonly ReservedRange[];
  /** Empty where it is not known. */
  readonly ram: readonly MemoryRange[];
}

/** Linux stays away from the memory of the hypervisor and of the cells. */
export async function checkMemory(
  system: LiveSystem,
  root: ExaminedConfig | undefined,
  cells: readonly ExaminedConfig[],
): Promise<Finding[]> {
  if (!root?.system && cells.length === 0) return [];
  const iomem = await readIomem(system);
  const map: MemoryMap = {
    used: iomem === 'hidden' ? undefined : iomem?.filter(({ name }) => !FREE.includes(name)),
    reserved: (await readReservedMemory(system)) ?? [],
    ram: await readRam(system),
  };
  const memory = root?.system?.hypervisorMemory;
  return [...(memory ? [checkHypervisor(rangeOf(memory), map)] : []), ...cells.flatMap((cell) => checkCell(cell, map))];
}

function checkHypervisor(range: MemoryRange, map: MemoryMap): Finding {
  const what = `the hypervisor's memory ${showRange(range)}`;
  if (map.ram.length > 0 && !covers(map.ram, range)) {
    return problem('memory.absent', `${what} is not in this board's RAM`, 'use a root cell for this board');
  }
  const user = whoUses(range, map);
  if (user !== undefined) {
    return problem(
      'memory.in-use',
      `${what} is used by Linux: ${user}`,
      `${BOOT_TREE}, or reserve it there: ${reservation(range)}`,
    );
  }
  const node = map.reserved.find(({ start, end, noMap }) => noMap && start <= range.start && end >= range.end)?.node;
  if (node !== undefined) return ok('memory', `${what} is reserved by ${node} in the device tree`);
  return map.used === undefined
    ? problem(
        'memory.unknown',
        `${what}: who uses it cannot be seen`,
        'try again as root: /proc/iomem shows addresses to nobody else',
      )
    : ok('memory', `${what} is not used by Linux`);
}

/** Regions of RAM of a cell that Linux uses: the cell would be created, and both would write to them. */
function checkCell({ path, cell }: ExaminedConfig, map: MemoryMap): Finding[] {
  const regions = (cell?.memoryRegions ?? []).filter(
    ({ flags, size }) => (flags & (MEM_IO | MEM_COMM_REGION)) === 0n && size > 0n,
  );
  return regions.flatMap((region) => {
    const range = rangeOf(region);
    const user = whoUses(range, map);
    return user === undefined
      ? []
      : [
          problem(
            'memory.cell-in-use',
            `${path}: Linux uses the cell's memory ${showRange(range)}: ${user}`,
            `${BOOT_TREE}, or reserve it there: ${reservation(range)}`,
          ),
        ];
  });
}

function whoUses(range: MemoryRange, { used }: MemoryMap): string | undefined {
  const user = used?.find((one) => overlaps(one, range));
  return user && `${showRange(user)} ${user.name}`;
}

/** A node for /reserved-memory with two cells each, as the guide's 2.7.1 writes them. */
function reservation({ start, end }: MemoryRange): string {
  const cells = (value: bigint) => `0x${(value >> 32n).toString(16)} 0x${(value & 0xffff_ffffn).toString(16)}`;
  return `jh@${start.toString(16)} { no-map; reg = <${cells(start)} ${cells(end - start)}>; };`;
}

function rangeOf({ physStart, size }: Pick<MemoryRegion, 'physStart' | 'size'>): MemoryRange {
  return { start: physStart, end: physStart + size };
}
