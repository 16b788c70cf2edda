import { isSystemConfig } from '../abi/jailhouse';
import { originOf } from './builder/origin';
import type { CellConfig, SystemConfig } from '../abi/jailhouse';
import type { Origin } from './builder/origin';

/**
 * Which lines a config was written in, by the names of fields in C: `mem_regions[2]`, `irqchips[0]`, `pci_devices[0]`, and
 * `config` for everything else. It lies beside a .cell file as `.cell.map`.
 */
export interface SourceMap {
  /** Of the .cell file, in hex: a map of another build says nothing. */
  readonly sha256: string;
  readonly lines: Readonly<Record<string, Origin>>;
}

/** Origins of the parts of a config, where they were recorded ({@link recordOrigins}). */
export function originsOf(config: SystemConfig | CellConfig): Record<string, Origin> {
  const cell = isSystemConfig(config) ? config.rootCell : config;
  const parts: readonly (readonly [string, object])[] = [
    ['config', config],
    ...cell.memoryRegions.map((region, index) => [`mem_regions[${index}]`, region] as const),
    ...cell.irqchips.map((irqchip, index) => [`irqchips[${index}]`, irqchip] as const),
    ...cell.pciDevices.map((device, index) => [`pci_devices[${index}]`, device] as const),
  ];
  return Object.fromEntries(
    parts.flatMap(([name, part]) => {
      const origin = originOf(part);
      return origin ? [[name, origin]] : [];
    }),
  );
}

/** Finds the line of a field: that of the array element that it is in, or of the whole config. */
export function sourceLookup(map: SourceMap): (field: string) => Origin | undefined {
  return (field) => map.lines[/^\w+\[\d+\]/.exec(field)?.[0] ?? ''] ?? map.lines['config'];
}

/** @returns undefined for what is no map */
export function parseSourceMap(text: string): SourceMap | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { sha256, lines } = (value ?? {}) as Partial<SourceMap>;
  const isMap = typeof sha256 === 'string' && typeof lines === 'object' && lines !== null;
  return isMap && Object.values(lines).every(isOrigin) ? { sha256, lines } : undefined;
}

function isOrigin(value: unknown): value is Origin {
  const { file, line } = (value ?? {}) as Partial<Origin>;
  return typeof file === 'string' && typeof line === 'number';
}
