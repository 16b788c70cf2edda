import {
  irqchipPins,
  MEM_ROOTSHARED,
  PROTO_V1_CUSTOM,
  PROTO_V1_VETH,
  PROTO_V2_CUSTOM,
  PROTO_V2_VETH,
} from '../../abi/jailhouse';
import { formatBdf } from '../../abi/pci/bdf';
import { isBlank } from '../../abi/value';
import {
  commRegion,
  dataRam,
  firstSpis,
  imxUart,
  inmateRam,
  io,
  irqchip,
  irqchips as irqchipsOf,
  ivshmem,
  ivshmemV2,
  linuxRam,
  lpuart,
  pl011,
  ram,
  region as regionOf,
  sharedWithRoot,
  spi,
  withNxpFlags,
} from '../builder';
import { isV2 } from '../check/links';
import type { Console, Irqchip, MemoryRegion, PciDevice } from '../../abi/jailhouse';
import type { DeviceSpec, IvshmemProtocol } from '../builder';
import type { Part, Source } from './typescript-source';

export function cpuSource(cpus: readonly number[]): Part<readonly number[]> {
  return { value: cpus, text: `[${cpus.join(', ')}]` };
}

/** A region by the helper that makes it, or by its flags. */
export function regionSource(region: MemoryRegion, source: Source): Part<MemoryRegion> {
  const named = namedRegion(region, source);
  if (named) {
    return named;
  }
  if ((region.flags & MEM_ROOTSHARED) !== 0n) {
    const own = namedRegion({ ...region, flags: region.flags & ~MEM_ROOTSHARED }, source);
    if (own) {
      source.use('sharedWithRoot');
      return { value: sharedWithRoot(own.value), text: `sharedWithRoot(${own.text})` };
    }
  }
  source.use('region');
  const place = placeText(region, source, region.physStart);
  return { value: region, text: `region(${place}, 0x${region.flags.toString(16)}n)` };
}

function namedRegion(region: MemoryRegion, source: Source): Part<MemoryRegion> | undefined {
  const { physStart: phys, virtStart: virt, size } = region;
  const [start, length] = [source.quantity(phys).text, source.quantity(size).text];
  const candidates: readonly (readonly [string, () => MemoryRegion, string])[] = [
    ['commRegion', () => commRegion(), 'commRegion()'],
    ['commRegion', () => commRegion(virt), `commRegion(${source.quantity(virt).text})`],
    ['io', () => io(phys, size), `io(${start}, ${length})`],
    ['ram', () => ram(phys, size), `ram(${start}, ${length})`],
    ['dataRam', () => dataRam(phys, size), `dataRam(${start}, ${length})`],
    ['linuxRam', () => linuxRam(phys, size), `linuxRam(${start}, ${length})`],
    ['inmateRam', () => inmateRam({ phys, virt, size }), `inmateRam(${placeText(region, source, 0n)})`],
    ['region', () => regionOf({ phys, virt, size }, 0n), `region(${placeText(region, source, phys)}, 0n)`],
  ];
  const found = candidates.find(([, make]) => same(make(), region));
  if (!found) {
    return undefined;
  }
  const [name, make, text] = found;
  source.use(name);
  return { value: make(), text };
}

/** @param defaultVirt the guest address that need not be written */
function placeText({ physStart, virtStart, size }: MemoryRegion, source: Source, defaultVirt: bigint): string {
  const virt = virtStart === defaultVirt ? '' : `, virt: ${source.quantity(virtStart).text}`;
  return `{ phys: ${source.quantity(physStart).text}${virt}, size: ${source.quantity(size).text} }`;
}

function same(a: MemoryRegion, b: MemoryRegion): boolean {
  return a.physStart === b.physStart && a.virtStart === b.virtStart && a.size === b.size && a.flags === b.flags;
}

export function consoleSource(console: Console, source: Source): Part<Console> {
  const makers = { imxUart, lpuart, pl011 } as const;
  for (const name of ['imxUart', 'lpuart', 'pl011'] as const) {
    const made = makers[name](console.address);
    const address = source.quantity(console.address).text;
    for (const [value, text, names] of [
      [made, `${name}(${address})`, [name]],
      [withNxpFlags(made), `withNxpFlags(${name}(${address}))`, [name, 'withNxpFlags']],
    ] as const) {
      // A system's console has a size, which the builder sets to a page.
      if (isSameConsole({ ...value, size: console.size }, console) && [0, 0x1000].includes(console.size)) {
        names.forEach((one) => source.use(one));
        return { value, text };
      }
    }
  }
  return source.raw(console);
}

function isSameConsole(a: Console, b: Console): boolean {
  return (Object.keys(a) as (keyof Console)[]).every(
    (name) => a[name] === b[name] || (isBlank(a[name]) && isBlank(b[name])),
  );
}

/** The entries by the SPIs in them, where the builder makes the same entries of those. */
export function irqchipSource(irqchips: readonly Irqchip[], source: Source): Part<readonly Irqchip[]> {
  const [first] = irqchips as [Irqchip];
  const address = source.quantity(first.address).text;
  const spis = irqchips.flatMap(irqchipPins).map((intid) => spi(intid - 32));
  const all = firstSpis(first.address, irqchips.length * 128);
  if (sameChips(all, irqchips)) {
    source.use('firstSpis');
    return { value: all, text: `firstSpis(${address}, ${irqchips.length * 128})` };
  }
  const words = spis.map((one) => source.spi(one.spi).text).join(', ');
  const grouped = irqchipsOf(first.address, spis);
  if (sameChips(grouped, irqchips)) {
    source.use('irqchips');
    return { value: grouped, text: `irqchips(${address}, [${words}])` };
  }
  const single = irqchip(first.address, spi(first.pinBase - 32), spis);
  if (sameChips([single], irqchips)) {
    source.use('irqchip');
    return { value: [single], text: `[irqchip(${address}, ${source.spi(first.pinBase - 32).text}, [${words}])]` };
  }
  return source.raw(irqchips);
}

function sameChips(a: readonly Irqchip[], b: readonly Irqchip[]): boolean {
  const key = ({ address, id, pinBase, pinBitmap }: Irqchip) => [address, id, pinBase, ...pinBitmap].join();
  return a.map(key).join(';') === b.map(key).join(';');
}

/** A shared memory device by its link; any other field by field. */
export function deviceSource(device: PciDevice, memory: readonly MemoryRegion[], source: Source): Part<DeviceSpec> {
  const { bdf, domain, shmemDevId: id = 0, shmemPeers: peers = 0 } = device;
  const index = device.shmemRegionsStart ?? device.shmemRegion ?? 0;
  const start = memory[index]?.physStart ?? 0n;
  const isFirst = memory.findIndex(({ physStart, size }) => physStart === start && size > 0n) === index;
  const protocol = protocolPart(device);
  const common = `bdf: '${formatBdf(bdf)}'${domain === 0 ? '' : `, domain: ${domain}`}, protocol: ${protocol.text}`;
  const options = { bdf: formatBdf(bdf), domain, protocol: protocol.value };
  const at = source.quantity(start).text;
  const part = isV2(device)
    ? {
        value: ivshmemV2({ ...options, stateTable: start, id, peers }),
        text: `ivshmemV2({ ${common}, stateTable: ${at}, id: ${id}, peers: ${peers} })`,
        name: 'ivshmemV2',
      }
    : { value: ivshmem({ ...options, region: start }), text: `ivshmem({ ${common}, region: ${at} })`, name: 'ivshmem' };
  if (isFirst && sameDevice(part.value.place(memory), device)) {
    source.use(part.name);
    return part;
  }
  return { value: { place: () => device }, text: `{ place: () => (${source.raw(device).text}) }` };
}

function sameDevice(a: PciDevice, b: PciDevice): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof PciDevice>;
  return [...names].every((name) => String(a[name] ?? 0) === String(b[name] ?? 0));
}

function protocolPart(device: PciDevice): Part<IvshmemProtocol> {
  const [veth, custom] = isV2(device) ? [PROTO_V2_VETH, PROTO_V2_CUSTOM] : [PROTO_V1_VETH, PROTO_V1_CUSTOM];
  switch (device.shmemProtocol) {
    case 0:
      return { value: 'undefined', text: "'undefined'" };
    case veth:
      return { value: 'veth', text: "'veth'" };
    default: {
      const value = { custom: device.shmemProtocol - custom };
      return { value, text: `{ custom: ${value.custom} }` };
    }
  }
}
