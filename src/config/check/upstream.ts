import { CellvisorError } from '../../errors';
import { memoryFlagNames } from '../flag-names';
import { overlap, physical, virtual } from './ranges';
import { rootOf } from './subject';
import type { Dialect, MemoryRegion, SystemConfig } from '../../abi/jailhouse';
import type { CheckedCell, CheckedSystem } from './subject';

const MMCONFIG_BUS_BYTES = 256n * 4096n;

/** An area that cells must not map, and what upstream calls it. */
interface Resource {
  readonly name: string;
  readonly region: MemoryRegion;
}

/**
 * What upstream's `jailhouse config check` says behind the list of files, to the byte (jailhouse-tools reference 12.3).
 * In pieces, because overlaps of a damaged file can fill gigabytes.
 *
 * @returns whether it found anything
 * @throws CellvisorError `Unknown GIC version`, in the middle of the report, as upstream does
 */
export function* upstreamReport(
  system: CheckedSystem,
  cells: readonly CheckedCell[],
): Generator<string, boolean, undefined> {
  const all = [rootOf(system), ...cells];
  const { config } = system;

  yield 'Overlapping memory regions inside cell:';
  const inside = yield* report(overlapsInside(all));
  yield 'Overlapping memory regions with hypervisor:';
  const memory = { name: 'hypervisor memory region', region: config.hypervisorMemory };
  const withHypervisor = yield* report(overlapsWith(all, [memory]));
  let found = inside || withHypervisor;
  if (config.pciMmconfigBase > 0n) {
    yield 'Missing PCI MMCONFIG interceptions:';
    const size = BigInt(config.pciMmconfigEndBus + 1) * MMCONFIG_BUS_BYTES;
    const window = resource('MMCONFIG', config.pciMmconfigBase, size);
    // Upstream forgets to begin anew here: a finding of the section before decides how the line ends.
    found = (yield* report(overlapsWith(all, [window]), withHypervisor)) || found;
  }
  const units = (config.iommuUnits ?? []).filter(({ base }) => base !== 0n);
  if (units.length > 0) {
    yield 'Missing IOMMU interceptions:';
    const windows = units.map(({ base, size }) => resource('IOMMU', base, BigInt(size)));
    found = (yield* report(overlapsWith(all, windows))) || found;
  }
  yield `Missing resource interceptions for architecture ${config.architecture}:`;
  return (yield* report(overlapsWith(all, resourcesOf(config)))) || found;
}

/** Passes a section's findings on and ends its line. */
function* report(findings: Iterable<string>, foundBefore = false): Generator<string, boolean, undefined> {
  let found = foundBefore;
  for (const finding of findings) {
    found = true;
    yield finding;
  }
  yield found ? '\n\n' : ' None\n';
  return found;
}

function* overlapsInside(cells: readonly CheckedCell[]): Iterable<string> {
  for (const cell of cells) {
    const { memoryRegions } = cell.config;
    for (const [index, region] of memoryRegions.entries()) {
      for (let other = index + 1; other < memoryRegions.length; other++) {
        const second = memoryRegions[other] as MemoryRegion;
        const how = [
          ...(overlap(physical(region), physical(second)) ? ['physically'] : []),
          ...(overlap(virtual(region), virtual(second)) ? ['virtually'] : []),
        ];
        if (how.length > 0) {
          yield finding(cell, index, `${how.join(' and ')} overlaps with region ${other}`, second);
        }
      }
    }
  }
}

function* overlapsWith(cells: readonly CheckedCell[], resources: readonly Resource[]): Iterable<string> {
  for (const cell of cells) {
    for (const [index, region] of cell.config.memoryRegions.entries()) {
      for (const { name, region: area } of resources) {
        if (overlap(physical(region), physical(area))) {
          yield finding(cell, index, `overlaps with ${name}`, area);
        }
      }
    }
  }
}

function finding(cell: CheckedCell, index: number, what: string, other: MemoryRegion): string {
  const region = cell.config.memoryRegions[index] as MemoryRegion;
  const [first, second] = [region, other].map((one) => showRegion(one, cell.dialect));
  return `\n\nIn cell '${cell.config.name}', region ${index}\n${first}\n${what}\n${second}`;
}

function showRegion({ physStart, virtStart, size, flags }: MemoryRegion, dialect: Dialect): string {
  const hex = (value: bigint) => `0x${value.toString(16).padStart(16, '0')}`;
  return [
    `  phys_start: ${hex(physStart)}`,
    `  virt_start: ${hex(virtStart)}`,
    `  size:       ${hex(size)}`,
    `  flags:      ${memoryFlagNames(flags, dialect).join(' | ')}`,
  ].join('\n');
}

function resourcesOf({ architecture, arm, x86, rootCell }: SystemConfig): Resource[] {
  if (architecture === 'x86') {
    const xapic = x86 ? [resource('xAPIC', 0xfee0_0000n, 0x1000n)] : [];
    return [...xapic, ...rootCell.irqchips.map(({ address }) => resource('IOAPIC', address, 0x1000n))];
  }
  switch (arm?.gicVersion) {
    case 2:
      return [
        resource('GICD', arm.gicdBase, 0x1000n),
        resource('GICC', arm.giccBase, 0x2000n),
        resource('GICH', arm.gichBase, 0x2000n),
        resource('GICV', arm.gicvBase, 0x2000n),
      ];
    case 3:
      return [resource('GICD', arm.gicdBase, 0x1_0000n), resource('GICR', arm.gicrBase, 0x2_0000n)];
    default:
      throw new CellvisorError(`Unknown GIC version: ${arm?.gicVersion ?? 0}`, {
        code: 'E_CHECK_GIC',
        operation: 'check configs',
        hint: 'platform_info.arm.gic_version is 2 or 3; cellvisor explain GIC-VERSION says more',
      });
  }
}

function resource(name: string, start: bigint, size: bigint): Resource {
  return { name, region: { physStart: start, virtStart: start, size, flags: 0n } };
}
