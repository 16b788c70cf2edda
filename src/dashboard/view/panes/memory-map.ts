import { MEM_COMM_REGION } from '../../../abi/jailhouse';
import { memoryFlagNames } from '../../../config/flag-names';
import { sizeInWords } from '../figures';
import { left, plain, right, styled } from '../line';
import { cellStyle } from '../style';
import type { MemoryRegion } from '../../../abi/jailhouse';
import type { KnownConfig } from '../../model/board';
import type { Glyphs } from '../glyphs';
import type { Line } from '../line';
import type { Paper } from '../paper';

/** Regions with less than this between them are drawn on one strip. */
const GAP_BYTES = 64n << 20n;
/** No strip is drawn finer: one page. */
const MIN_SCALE_BYTES = 4096n;
/** `0x` and up to ten digits, before and behind a strip. */
const ADDRESS_COLUMNS = 12;
const SCALE_COLUMNS = 18;
const MAX_STRIP_COLUMNS = 96;

/**
 * The cell's memory in physical addresses: for each part of the address space where it has any, a strip to scale, then
 * region by region. Letters tell which is which.
 */
export function memoryLines({ cell, dialect }: KnownConfig, paper: Paper): Line[] {
  const regions = cell.memoryRegions
    .filter(({ size }) => size > 0n)
    .sort((a, b) => (a.physStart < b.physStart ? -1 : a.physStart > b.physStart ? 1 : 0));
  if (regions.length === 0) return [];
  const named = regions.map((region, index) => ({ region, letter: letterOf(index), index }));
  return [
    plain(''),
    [
      styled(
        ` ${left('MEMORY', 10)}${left(`${regions.length} regions, physical addresses, drawn to scale`, 60)}`,
        'head',
      ),
    ],
    ...stripsOf(named.filter(({ region }) => !isCommRegion(region))).map((strip) => stripLine(strip, paper)),
    [styled(`   ${left('PHYSICAL', 13)}${left('IN THE CELL', 13)}${right('SIZE', 9)}  ${left('FLAGS', 40)}`, 'head')],
    ...named.map(({ region, letter, index }): Line => [
      { text: ' ' },
      styled(letter, cellStyle(index)),
      {
        text: ` ${left(isCommRegion(region) ? '(its own)' : hex(region.physStart), 13)}${left(hex(region.virtStart), 13)}`,
      },
      { text: `${right(sizeInWords(region.size), 9)}  ${memoryFlagNames(region.flags, dialect).map(short).join(' ')}` },
    ]),
  ];
}

/** The hypervisor has a page of its own for it: what the config says of its physical address means nothing. */
function isCommRegion({ flags }: MemoryRegion): boolean {
  return (flags & MEM_COMM_REGION) !== 0n;
}

interface Named {
  readonly region: MemoryRegion;
  readonly letter: string;
  readonly index: number;
}

/** @param regions ascending */
function stripsOf(regions: readonly Named[]): Named[][] {
  const strips: Named[][] = [];
  let end = 0n;
  for (const one of regions) {
    const { physStart, size } = one.region;
    const strip = strips.at(-1);
    if (strip && physStart < end + GAP_BYTES) strip.push(one);
    else strips.push([one]);
    end = max(end, physStart + size);
  }
  return strips;
}

/** `0x80000000 aaaa....bb 0x90000000  1 column = 4M` */
function stripLine(strip: readonly Named[], { columns, glyphs }: Paper): Line {
  const start = strip[0]?.region.physStart ?? 0n;
  const end = strip.reduce((last, { region }) => max(last, region.physStart + region.size), start);
  const room = Math.max(Math.min(columns - 2 * ADDRESS_COLUMNS - SCALE_COLUMNS - 3, MAX_STRIP_COLUMNS), 8);
  const perColumn = scaleOf(end - start, BigInt(room));
  const width = Number((end - start + perColumn - 1n) / perColumn);
  return [
    { text: ` ${right(hex(start), ADDRESS_COLUMNS)} ` },
    ...Array.from({ length: width }, (_, column) =>
      cellOfStrip(strip, start + BigInt(column) * perColumn, perColumn, glyphs),
    ),
    { text: ` ${hex(end)}  1 column = ${sizeInWords(perColumn)}` },
  ];
}

/** The region that has the most of a column; nobody's is a dot. */
function cellOfStrip(strip: readonly Named[], from: bigint, perColumn: bigint, { empty }: Glyphs) {
  const shares = strip.map((one) => {
    const { physStart, size } = one.region;
    return { one, share: min(physStart + size, from + perColumn) - max(physStart, from) };
  });
  const most = shares.reduce((best, other) => (other.share > best.share ? other : best));
  return most.share > 0n ? styled(most.one.letter, cellStyle(most.one.index)) : styled(empty, 'dim');
}

/** The smallest power of two that makes a range fit. */
function scaleOf(sizeBytes: bigint, columns: bigint): bigint {
  let scale = MIN_SCALE_BYTES;
  while (scale * columns < sizeBytes) scale *= 2n;
  return scale;
}

function letterOf(index: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  return letters.charAt(index % letters.length);
}

function short(flag: string): string {
  return flag.replace(/^JAILHOUSE_MEM_/, '').toLowerCase();
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
