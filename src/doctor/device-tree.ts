import type { LiveSystem } from './live-system';
import type { MemoryRange } from './memory-range';

/** Where Linux shows the device tree it was booted with: a folder a node, a file a property. */
const ROOT = '/proc/device-tree';
const CELL_BYTES = 4;
/** When a node does not say otherwise (devicetree specification 2.3.5). */
const DEFAULT_ADDRESS_CELLS = 2;
const DEFAULT_SIZE_CELLS = 1;

export interface ReservedRange extends MemoryRange {
  /** Of the node: `jh@b7c00000`. */
  readonly node: string;
  /** Linux neither uses nor maps it. */
  readonly noMap: boolean;
}

/** Memory that the device tree reserves at fixed addresses; undefined without a device tree. */
export async function readReservedMemory(system: LiveSystem): Promise<ReservedRange[] | undefined> {
  const parent = `${ROOT}/reserved-memory`;
  const nodes = await system.names(parent);
  if (nodes.length === 0) return (await system.names(ROOT)).length === 0 ? undefined : [];
  const found = await Promise.all(
    nodes.map(async (node) => {
      const properties = await system.names(`${parent}/${node}`);
      const noMap = properties.includes('no-map');
      return properties.includes('reg')
        ? (await readReg(system, parent, node)).map((range) => ({ ...range, node, noMap }))
        : [];
    }),
  );
  return found.flat();
}

/** RAM as the boot loader described it. Empty where the device tree does not have it (EFI describes it elsewhere). */
export async function readRam(system: LiveSystem): Promise<MemoryRange[]> {
  const nodes = (await system.names(ROOT)).filter((name) => /^memory(@|$)/.test(name));
  return (await Promise.all(nodes.map((node) => readReg(system, ROOT, node)))).flat();
}

/** Whether a node below the root, or below one of its buses, says that it is compatible with one of these. */
export async function hasCompatible(system: LiveSystem, wanted: RegExp): Promise<boolean> {
  const top = (await system.names(ROOT)).map((name) => `${ROOT}/${name}`);
  const buses = top.filter((path) => /\/(soc|bus|interrupt-controller)[^/]*$/.test(path));
  const below = await Promise.all(buses.map(async (bus) => (await system.names(bus)).map((name) => `${bus}/${name}`)));
  for (const node of [...top, ...below.flat()]) {
    const words = (await system.text(`${node}/compatible`))?.split('\0') ?? [];
    if (words.some((word) => wanted.test(word))) return true;
  }
  return false;
}

/** A property that holds one string. */
export async function stringProperty(system: LiveSystem, path: string): Promise<string | undefined> {
  return (await system.text(`${ROOT}/${path}`))?.split('\0')[0];
}

async function readReg(system: LiveSystem, parent: string, node: string): Promise<MemoryRange[]> {
  const bytes = (await system.bytes(`${parent}/${node}/reg`)) ?? new Uint8Array();
  const addressBytes = CELL_BYTES * ((await readCell(system, `${parent}/#address-cells`)) ?? DEFAULT_ADDRESS_CELLS);
  const sizeBytes = CELL_BYTES * ((await readCell(system, `${parent}/#size-cells`)) ?? DEFAULT_SIZE_CELLS);
  const entryBytes = addressBytes + sizeBytes;
  return Array.from({ length: entryBytes === 0 ? 0 : Math.floor(bytes.length / entryBytes) }, (_, index) => {
    const entry = bytes.subarray(index * entryBytes);
    const start = bigEndian(entry.subarray(0, addressBytes));
    return { start, end: start + bigEndian(entry.subarray(addressBytes, entryBytes)) };
  });
}

async function readCell(system: LiveSystem, path: string): Promise<number | undefined> {
  const bytes = await system.bytes(path);
  return bytes?.length === CELL_BYTES ? Number(bigEndian(bytes)) : undefined;
}

function bigEndian(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
