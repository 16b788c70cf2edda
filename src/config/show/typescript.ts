import {
  CELL_FLAG_PASSIVE_COMMREG,
  CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE,
  CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED,
  cpusOf,
  diffConfigs,
  SYS_FLAG_VIRTUAL_DEBUG_CONSOLE,
} from '../../abi/jailhouse';
import { cell, rootCell } from '../builder';
import { CellvisorError } from '../../errors';
import { Source } from './typescript-source';
import { consoleSource, cpuSource, deviceSource, irqchipSource, regionSource } from './typescript-parts';
import type { CellConfig, DecodedConfig, SystemConfig } from '../../abi/jailhouse';
import type { CellOptions, CommonCellOptions, SystemOptions } from '../builder';
import type { Part } from './typescript-source';

/** Where generated sources import the builder from: beside the files of cells/. */
const BUILDER = '../src/config/builder';
const ABI = '../src/abi/jailhouse';

/**
 * A config as a module such as those of cells/. It is written with the builder where that gives the same config again, and
 * field by field where it does not.
 */
export function formatTypeScript({ dialect, config }: DecodedConfig): string {
  const source = new Source();
  const part = builderCall(config, source) ?? literal(config, source);
  const lines = [
    ...source.imports(BUILDER, ABI),
    '',
    `export const dialect = '${dialect}';`,
    '',
    `export const config${part.type ? `: ${part.type}` : ''} = ${part.text};`,
    '',
  ];
  return lines.join('\n');
}

interface Body {
  readonly text: string;
  readonly type?: string;
}

/** Undefined when the builder would make another config of it. */
function builderCall(config: SystemConfig | CellConfig, source: Source): Body | undefined {
  try {
    const draft = new Source();
    const { built, text } = 'rootCell' in config ? rootCellCall(config, draft) : cellCall(config, draft);
    if (diffConfigs(built, config).length > 0) {
      return undefined;
    }
    source.adopt(draft);
    return { text };
  } catch (error) {
    if (error instanceof CellvisorError) return undefined;
    throw error;
  }
}

function cellCall(config: CellConfig, source: Source) {
  const { flags, console, architecture = 'arm64' } = config;
  const options: Record<string, Part<unknown>> = {
    ...commonParts(config, source),
    ...(architecture === 'arm64' ? {} : { architecture: plain(architecture) }),
    ...((flags & CELL_FLAG_PASSIVE_COMMREG) !== 0 ? {} : { passive: plain(false) }),
    ...virtualConsole(flags),
    ...(console && console.type ? { console: consoleSource(console, source) } : {}),
    ...(config.cpuResetAddress ? { entry: source.quantity(config.cpuResetAddress) } : {}),
    ...(config.msgReplyTimeout ? { msgReplyTimeout: source.quantity(config.msgReplyTimeout) } : {}),
    ...(config.pciCfgBase || config.ivshmemIrq ? { nxpIvshmem: nxpPart(config, source) } : {}),
  };
  return { built: cell(valuesOf(options) as unknown as CellOptions), text: call('cell', options, source) };
}

function rootCellCall(config: SystemConfig, source: Source) {
  const { arm, debugConsole, hypervisorMemory: memory, architecture } = config;
  const mmconfig: Record<string, Part<unknown>> = {
    configBase: source.quantity(config.pciMmconfigBase),
    ...(config.pciMmconfigEndBus ? { endBus: plain(config.pciMmconfigEndBus) } : {}),
    ...(config.pciDomain ? { domain: plain(config.pciDomain) } : {}),
  };
  const gic: Record<string, Part<unknown>> = {
    version: plain(arm?.gicVersion),
    distributor: source.quantity(arm?.gicdBase ?? 0n),
    ...(arm?.gicrBase ? { redistributors: source.quantity(arm.gicrBase) } : {}),
    ...(arm?.giccBase ? { cpuInterface: source.quantity(arm.giccBase) } : {}),
    ...(arm?.gichBase ? { virtualControl: source.quantity(arm.gichBase) } : {}),
    ...(arm?.gicvBase ? { virtualCpuInterface: source.quantity(arm.gicvBase) } : {}),
    maintenance: source.ppi(arm?.maintenanceIrq ?? 0),
  };
  const options: Record<string, Part<unknown>> = {
    ...(architecture === 'arm64' ? {} : { architecture: plain(architecture) }),
    ...commonParts(config.rootCell, source),
    hypervisorMemory: object({ phys: source.quantity(memory.physStart), size: source.quantity(memory.size) }),
    debugConsole: consoleSource(debugConsole, source),
    ...((config.flags ?? 0) & SYS_FLAG_VIRTUAL_DEBUG_CONSOLE ? {} : { virtualConsole: plain(false) }),
    gic: object(gic),
    virtualPci: object(mmconfig),
    ...(config.iommuUnits && config.iommuUnits.length > 0 ? { iommuUnits: source.raw(config.iommuUnits) } : {}),
  };
  return { built: rootCell(valuesOf(options) as unknown as SystemOptions), text: call('rootCell', options, source) };
}

function commonParts(config: CellConfig, source: Source): Record<keyof CommonCellOptions & string, Part<unknown>> {
  const memory = config.memoryRegions.map((region) => regionSource(region, source));
  const parts = {
    name: plain(config.name),
    cpus: cpuSource(cpusOf(config.cpuSet)),
    ...(config.vpciIrqBase ? { vpciIrqBase: source.spi(config.vpciIrqBase) } : {}),
    ...(config.irqchips.length > 0 ? { irqchips: irqchipSource(config.irqchips, source) } : {}),
    memory: { value: memory.map(({ value }) => value), text: array(memory) },
    ...(config.pciDevices.length > 0 ? { pciDevices: devicesPart(config, source) } : {}),
    ...(config.smmuSids && config.smmuSids.length > 0 ? { smmuSids: source.raw(config.smmuSids) } : {}),
  };
  return parts as Record<keyof CommonCellOptions & string, Part<unknown>>;
}

function devicesPart({ pciDevices, memoryRegions }: CellConfig, source: Source): Part<unknown> {
  const parts = pciDevices.map((device) => deviceSource(device, memoryRegions, source));
  return { value: parts.map(({ value }) => value), text: array(parts) };
}

function nxpPart({ pciCfgBase = 0n, pciCfgSize = 0n, ivshmemIrq = 0 }: CellConfig, source: Source): Part<unknown> {
  return object({
    pciConfig: object({ base: source.quantity(pciCfgBase), size: source.quantity(pciCfgSize) }),
    irq: source.spi(ivshmemIrq - 32),
  });
}

function virtualConsole(flags: number): Record<string, Part<unknown>> {
  if ((flags & CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE) !== 0) {
    return { virtualConsole: plain('active') };
  }
  return (flags & CELL_FLAG_VIRTUAL_CONSOLE_PERMITTED) !== 0 ? { virtualConsole: plain('permitted') } : {};
}

function literal(config: SystemConfig | CellConfig, source: Source): Body {
  const type = 'rootCell' in config ? 'SystemConfig' : 'CellConfig';
  source.type(type);
  return { text: source.raw(config).text, type };
}

function plain(value: unknown): Part<unknown> {
  return { value, text: typeof value === 'string' ? quote(value) : String(value) };
}

function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

function object(parts: Readonly<Record<string, Part<unknown>>>): Part<unknown> {
  const texts = Object.entries(parts).map(([name, { text }]) => `${name}: ${text}`);
  return { value: valuesOf(parts), text: `{ ${texts.join(', ')} }` };
}

function valuesOf(parts: Readonly<Record<string, Part<unknown>>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parts).map(([name, { value }]) => [name, value]));
}

function array(parts: readonly Part<unknown>[]): string {
  return `[\n${parts.map(({ text }) => `    ${text},\n`).join('')}  ]`;
}

function call(name: 'cell' | 'rootCell', parts: Readonly<Record<string, Part<unknown>>>, source: Source): string {
  source.use(name);
  const lines = Object.entries(parts).map(([option, { text }]) => `  ${option}: ${text},\n`);
  return `${name}({\n${lines.join('')}})`;
}
