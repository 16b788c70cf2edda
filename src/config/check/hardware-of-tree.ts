import { cpuRegions, routedInterrupts } from '../../fdt';
import { withoutReserved } from './hardware';
import type { MemoryRange, ReservedMemory, UartDescription } from '../../boards';
import type { DeviceTree, DeviceTreeNode } from '../../fdt';
import type { Hardware } from './hardware';

const SPI_BASE = 32;
/** First of a GIC's interrupt cells, for an SPI (the kernel's binding of the Arm GIC). */
const SPI_CELL = 0;

const UARTS: readonly (readonly [UartDescription['kind'], RegExp])[] = [
  ['imx', /^fsl,imx(21|6q|8m[a-z]*)-uart$/],
  ['lpuart', /^fsl,(imx7ulp|imx8[a-z]+|vf610)-lpuart$/],
  ['pl011', /^arm,pl011$/],
];

/**
 * What a device tree says of a board.
 *
 * @param name what messages call the board
 * @throws FdtError for a tree that contradicts itself
 */
export function hardwareOfTree(tree: DeviceTree, name: string): Hardware {
  const nodes = [...tree.nodes()];
  const ram = nodes.filter((node) => node.string('device_type') === 'memory').flatMap(rangesOf);
  const reservedMemory = reservedOf(tree);
  const gic = nodes.find((node) => node.isCompatible('arm,gic-v3') || node.isCompatible('arm,gic-400'));
  const [distributor, redistributors] = gic ? cpuRegions(gic) : [];
  return {
    name,
    cpus: nodes.filter((node) => node.string('device_type') === 'cpu').map((_, cpu) => cpu),
    ram,
    linuxRam: withoutReserved(ram, reservedMemory),
    reservedMemory,
    gic: distributor && {
      gicdBase: distributor.address,
      gicrBase: gic?.isCompatible('arm,gic-v3') ? redistributors?.address : undefined,
    },
    uarts: nodes.flatMap((node) => uartOf(tree, node)),
  };
}

function rangesOf(node: DeviceTreeNode): MemoryRange[] {
  return cpuRegions(node)
    .filter(({ sizeBytes }) => sizeBytes > 0n)
    .map(({ address, sizeBytes }) => ({ physStart: address, sizeBytes }));
}

/** Only `no-map` keeps Linux from mapping memory for itself. */
function reservedOf(tree: DeviceTree): ReservedMemory[] {
  const nodes = [...(tree.find('/reserved-memory')?.children ?? [])];
  return nodes
    .filter((node) => node.has('no-map'))
    .flatMap((node) => rangesOf(node).map((range) => ({ name: node.baseName, ...range })));
}

function uartOf(tree: DeviceTree, node: DeviceTreeNode): UartDescription[] {
  const compatible = node.strings('compatible') ?? [];
  const kind = UARTS.find(([, pattern]) => compatible.some((one) => pattern.test(one)))?.[0];
  const [registers] = kind ? cpuRegions(node) : [];
  const [interrupt] = kind ? routedInterrupts(tree, node) : [];
  const [type, number] = interrupt?.cells ?? [];
  if (!kind || !registers || type !== SPI_CELL || number === undefined) {
    return [];
  }
  const { address, sizeBytes } = registers;
  return [{ name: node.name, kind, physStart: address, sizeBytes: Number(sizeBytes), intid: number + SPI_BASE }];
}
