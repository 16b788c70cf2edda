import { UART_BUILDERS, SID_MASK, PCI_CONFIG_BYTES } from '../plan/build';
import { bdfOf, sectionSizes } from '../plan/links';
import { showSize } from '../plan/size';
import { nameOf } from '../plan/cell-devices';
import type { Dialect } from '../../abi/jailhouse';
import type { LinkEnd } from '../plan/links';
import type { Plan, PlannedCell, PlannedRegion } from '../plan/plan';
import type { Uart } from './console';

/** A TypeScript source that says the same as the config, in the builder's words. */
export function rootSource(plan: Plan, dialect: Dialect): string {
  const { facts, placement, root, smmus } = plan;
  const { gic } = facts;
  const { hypervisor, virtualPci } = placement.places;
  const names = new Set(['rootCell', 'firstSpis', 'ppi']);
  const body = [
    `name: ${quote(root.name)},`,
    `cpus: [${root.cpus.join(', ')}],`,
    `hypervisorMemory: { phys: ${hex(hypervisor.physStart)}, size: ${hex(hypervisor.sizeBytes)} }, // ${showSize(hypervisor.sizeBytes)}`,
    `debugConsole: ${consoleText(facts.console, names)}, // ${nameOf(facts.console)}`,
    `gic: { ${gicFields(plan).join(', ')}, maintenance: ppi(${gic.maintenancePpi}) },`,
    `virtualPci: { configBase: ${hex(virtualPci.physStart)} },`,
    ...smmus.map(
      ({ physStart, sizeBytes }) =>
        `iommuUnits: [{ base: ${hex(physStart)}n, size: ${hex(sizeBytes)}, armSidMask: ${hex(SID_MASK)}, armSmmuArch: 2, armSmmuImpl: 1 }],`,
    ),
    ...smmus.map(
      ({ streamIds }) =>
        `smmuSids: [${streamIds.map((sid) => `{ sid: ${hex(sid)}, sidMask: ${hex(SID_MASK)} }`).join(', ')}],`,
    ),
    ...vpciLine(root, names),
    `irqchips: firstSpis(${hex(gic.distributor)}, ${root.spis.length}),`,
  ];
  return moduleText(plan, root, dialect, 'rootCell', body, names);
}

export function cellSource(planned: PlannedCell, plan: Plan, dialect: Dialect): string {
  const names = new Set(['cell']);
  const { gic } = plan.facts;
  if (planned.spis.length > 0) ['irqchips', 'spi'].forEach((name) => names.add(name));
  const body = [
    `name: ${quote(planned.name)},`,
    `cpus: [${planned.cpus.join(', ')}],`,
    ...(planned.console ? [`console: ${consoleText(planned.console, names)}, // ${nameOf(planned.console)}`] : []),
    ...vpciLine(planned, names),
    ...(planned.spis.length > 0
      ? [`irqchips: irqchips(${hex(gic.distributor)}, [${planned.spis.map((one) => `spi(${one})`).join(', ')}]),`]
      : []),
    ...(planned.toldIrq === undefined
      ? []
      : [
          `nxpIvshmem: { pciConfig: { base: ${hex(plan.placement.places.virtualPci.physStart)}, size: ${hex(PCI_CONFIG_BYTES)} }, irq: spi(${planned.toldIrq}) },`,
        ]),
  ];
  return moduleText(plan, planned, dialect, 'cell', body, names);
}

function moduleText(
  plan: Plan,
  planned: PlannedCell,
  dialect: Dialect,
  builder: string,
  body: readonly string[],
  names: Set<string>,
): string {
  const isRoot = planned.kind === 'root';
  const memory = planned.regions.map((region) => `  ${regionText(region, isRoot, names)}`);
  const devices = planned.ends.map((end) => `  ${deviceText(end, names)}`);
  const links = planned.ends.filter(({ link }) => link.version === 1).map((end) => linkConstant(end, isRoot, names));
  const lines = [
    ...body,
    'memory: [',
    ...memory,
    '],',
    ...(devices.length > 0 ? ['pciDevices: [', ...devices, '],'] : []),
  ];
  return [
    `// Made by "jailhouse config create" for ${plan.facts.model}; yours to edit. README.md says how to compile it.`,
    `import { builder } from 'cellvisor';`,
    '',
    `const { ${[...names].sort((a, b) => a.localeCompare(b)).join(', ')} } = builder;`,
    '',
    ...links,
    ...(links.length > 0 ? [''] : []),
    `export const board = ${quote(plan.facts.known?.name ?? plan.facts.name)};`,
    `export const dialect = ${quote(dialect)};`,
    `export const summary = ${quote(planned.summary)};`,
    '',
    `export const config = ${builder}({`,
    ...lines.map((line) => `  ${line}`),
    '});',
    '',
  ].join('\n');
}

function regionText(region: PlannedRegion, isRoot: boolean, names: Set<string>): string {
  if (region.kind === 'commRegion') {
    names.add('commRegion');
    return 'commRegion(),';
  }
  if (region.kind === 'link') return linkText(region.end, isRoot, names);
  names.add(region.kind);
  const { physStart, sizeBytes, isShared, comment } = region;
  const call =
    region.kind === 'inmateRam'
      ? `inmateRam({ phys: ${hex(physStart)}, size: ${hex(sizeBytes)} })`
      : `${region.kind}(${hex(physStart)}, ${hex(sizeBytes)})`;
  if (isShared) names.add('sharedWithRoot');
  const note = comment ?? (region.kind === 'io' ? undefined : showSize(sizeBytes));
  return `${isShared ? `sharedWithRoot(${call})` : call},${note === undefined ? '' : ` // ${note}`}`;
}

function linkText({ link, id }: LinkEnd, isRoot: boolean, names: Set<string>): string {
  if (link.version === 1) return `${linkName(link.device)}, // with ${others(link.cells, id)}`;
  names.add('ivshmemSections');
  const { readWriteSize, outputSize } = sectionSizes(link);
  return `...ivshmemSections({ phys: ${hex(link.physStart)}, readWriteSize: ${hex(readWriteSize)}, outputSize: ${hex(outputSize)}, id: ${id}, peers: ${link.cells.length}, rootShared: ${!isRoot} }), // with ${others(link.cells, id)}`;
}

function linkConstant({ link }: LinkEnd, isRoot: boolean, names: Set<string>): string {
  names.add('dataRam');
  if (!isRoot) names.add('sharedWithRoot');
  const one = `dataRam(${hex(link.physStart)}, ${hex(link.sizeBytes)})`;
  return `const ${linkName(link.device)} = ${isRoot ? one : `sharedWithRoot(${one})`};`;
}

function deviceText({ link, id }: LinkEnd, names: Set<string>): string {
  const common = `bdf: ${quote(bdfOf(link))}, protocol: ${quote(link.protocol)}`;
  names.add(link.version === 2 ? 'ivshmemV2' : 'ivshmem');
  return link.version === 2
    ? `ivshmemV2({ ${common}, stateTable: ${hex(link.physStart)}, id: ${id}, peers: ${link.cells.length} }),`
    : `ivshmem({ ${common}, region: ${linkName(link.device)} }),`;
}

function linkName(device: number): string {
  return `link${device}`;
}

function others(cells: readonly string[], id: number): string {
  return cells.filter((_, index) => index !== id).join(', ');
}

function consoleText({ kind, address }: Uart, names: Set<string>): string {
  const { name } = UART_BUILDERS[kind];
  names.add(name);
  return `${name}(${hex(address)})`;
}

function gicFields({ facts: { gic } }: Plan): string[] {
  const fields = ['distributor', 'redistributors', 'cpuInterface', 'virtualControl', 'virtualCpuInterface'] as const;
  return [
    `version: ${gic.version}`,
    ...fields.flatMap((field) => (gic[field] === undefined ? [] : [`${field}: ${hex(gic[field])}`])),
  ];
}

function vpciLine({ vpciIrqBase }: PlannedCell, names: Set<string>): string[] {
  if (vpciIrqBase === undefined) return [];
  names.add('spi');
  return [`vpciIrqBase: spi(${vpciIrqBase}),`];
}

/** Numbers of more than 53 bits are bigints in a source. */
function hex(value: bigint | number): string {
  const text = `0x${value.toString(16)}`;
  return BigInt(value) > BigInt(Number.MAX_SAFE_INTEGER) ? `${text}n` : text;
}

function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** A program that compiles the sources beside it. */
export function buildScript(cells: readonly PlannedCell[], dialect: Dialect): string {
  const imports = cells.map(({ file }, index) => `import * as cell${index} from './${file}.ts';`);
  const list = cells.map(({ file }, index) => `  ${quote(file)}: cell${index},`);
  return `// Compiles the cells of this folder for ${dialect}: "node build.ts" (Node 22.18 and later), or "npx tsx build.ts".
import { writeFileSync } from 'node:fs';
import { builder } from 'cellvisor';
${imports.join('\n')}

const cells = {
${list.join('\n')}
};

for (const [name, cell] of Object.entries(cells)) {
  writeFileSync(\`\${name}.cell\`, builder.compile(cell, ${quote(dialect)}));
}
`;
}
