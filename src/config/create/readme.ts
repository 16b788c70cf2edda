import { showSize } from '../plan/size';
import { nameOf } from '../plan/cell-devices';
import { bdfOf } from '../plan/links';
import { showRange } from './ranges';
import { nodeNameOf } from './places';
import type { Plan, PlannedCell, PlannedRegion } from '../plan/plan';
import type { Placement } from './places';

const SPI_BASE = 32;

const ORIGINS: Readonly<Record<Placement['origin'], string>> = {
  tree: 'The device tree reserves it already, and so it is used.',
  guide:
    "The device tree reserves none. It is where NXP's own device trees for this board have it, which the overlay repeats.",
  new: `The device tree reserves none. It is below the top of RAM under 4 GiB, where devices with 32 address bits reach; the last 32 MiB
are left out, as OP-TEE is there on NXP's boards.`,
};

/** What was decided and why, for the person who has to trust it. */
export function readme(plan: Plan, hasOverlay: boolean): string {
  const { facts, placement, root, cells, notes, dialect } = plan;
  const { soc } = facts;
  return `# Cells for ${facts.model}

Made by \`jailhouse config create\`. The files are yours to edit: \`*.ts\` are the sources, \`node build.ts\` (Node 22.18 and later; before, \`npx tsx build.ts\`)
compiles them to \`*.cell\` for ${dialect}, and \`jailhouse config check ${[root, ...cells].map(({ file }) => `${file}.cell`).join(' ')}\` checks these.

## To run

${hasOverlay ? `1. Apply \`${soc}-cells.dtbo\` to the board's device tree, in the boot loader (\`fdt apply\`) or with \`fdtoverlay\`, and restart. It keeps Linux away from what cells have.\n2. ` : ''}\`jailhouse enable ${root.file}.cell\`${cells.map(({ file }) => `, \`jailhouse cell create ${file}.cell\``).join('')}

## Memory

${ORIGINS[placement.origin]}

| For | Node | Where | Size |
|---|---|---|---|
${memoryRows(placement)}

RAM of the root cell: ${placement.ram.map(showRange).join(', ')}.
${ramNote(plan)}
## Hypervisor

It prints to ${nameOf(facts.console)} (${facts.console.path}), which Linux' console is on or which was asked for. The GIC is a GICv${facts.gic.version} with its distributor at 0x${facts.gic.distributor.toString(16)}.
${plan.smmus.length > 0 ? `SMMUs: ${plan.smmus.map(showRange).join(', ')}.` : 'The device tree has no SMMU in use: devices that a cell gets can reach all memory by DMA.'}

## Cells

${[root, ...cells].map((planned) => cellText(planned)).join('\n')}
## Notes

${[...notes, VIRTUAL_SPIS, CLOCKS].map((note) => `- ${note}`).join('\n')}
`;
}

const VIRTUAL_SPIS =
  "the SPIs of ivshmem devices are such that the device tree names for nothing: those of NXP's configs, and where these do not suffice the lowest from 16 on";
const CLOCKS =
  'clocks, pins and power of devices stay with Linux in the root cell: it must leave those of the cells on';

function memoryRows({ places }: Placement): string {
  const rows = [
    ['hypervisor', 'hypervisor'],
    ['inmates', 'RAM of cells'],
    ['loader', 'loaders of Linux cells'],
    ['sharedMemory', 'ivshmem'],
    ['virtualPci', 'virtual PCI host'],
  ] as const;
  return rows
    .map(
      ([name, what]) =>
        `| ${what} | \`${nodeNameOf(name)}\` | ${showRange(places[name])} | ${showSize(places[name].sizeBytes)} |`,
    )
    .join('\n');
}

function ramNote({ facts, placement }: Plan): string {
  if (placement.ram === facts.ram) return '';
  return `The device tree says ${facts.ram.map(showRange).join(', ')}, which the boot loader corrects on this board; --ram overrules.\n`;
}

function cellText(planned: PlannedCell): string {
  const { name, kind, cpus, spis, vpciIrqBase, ends } = planned;
  const lines = [
    `- CPUs ${cpus.join(', ')}`,
    ...planned.regions.flatMap((region) => ramLine(region, kind)),
    ...planned.devices.map((device) => `- ${nameOf(device)} (${device.path})`),
    ...(kind === 'root'
      ? [`- all of SPI 0 to ${spis.length - 1}, but for those of other cells while they exist`]
      : spis.length > 0
        ? [`- SPIs ${spis.map((spi) => `${spi} (INTID ${spi + SPI_BASE})`).join(', ')}`]
        : []),
    ...ends.map(
      ({ link, id }) =>
        `- ivshmem ${bdfOf(link)} with ${link.cells.filter((_, index) => index !== id).join(', ')}${link.protocol === 'veth' ? ', a network link' : ''}: ${showRange(link)}, interrupt SPI ${(vpciIrqBase ?? 0) + (link.device & 3)}`,
    ),
  ];
  return `### ${name}\n\n${lines.join('\n')}\n`;
}

function ramLine(region: PlannedRegion, kind: PlannedCell['kind']): string[] {
  if (region.kind !== 'linuxRam' && region.kind !== 'inmateRam') return [];
  const where = region.kind === 'inmateRam' ? ', at guest address 0' : '';
  const what = kind === 'linux' && region.kind === 'inmateRam' ? 'loader' : 'RAM';
  return [`- ${what} ${showRange(region)} (${showSize(region.sizeBytes)})${where}`];
}
