import { OverlayBuilder, toCells, write } from '../../fdt';
import type { MemoryRange } from '../../boards';

/** A piece of memory that Linux keeps away from. */
export interface Reservation extends MemoryRange {
  /** Without its address: `jh`, `inmate`. */
  readonly name: string;
  /** What it is for. */
  readonly comment: string;
}

export interface OverlayContents {
  readonly reservations: readonly Reservation[];
  /** Paths of devices that Linux has to leave alone. */
  readonly disabled: readonly string[];
}

export interface Overlay {
  /** For `dtc`, with comments. */
  readonly source: string;
  /** What `dtc -I dts -O dtb` makes of the source. */
  readonly blob: Uint8Array;
}

/** Addresses and sizes below /reserved-memory, as on every i.MX 8. */
const CELLS = 2;

/** The overlay that gives a board's device tree what cells need: the guide's section 2.7.1 without editing the board's own source. */
export function makeOverlay({ reservations, disabled }: OverlayContents): Overlay {
  return { source: sourceOf(reservations, disabled), blob: blobOf(reservations, disabled) };
}

function blobOf(reservations: readonly Reservation[], disabled: readonly string[]): Uint8Array {
  const overlay = new OverlayBuilder();
  if (reservations.length > 0) {
    const memory = overlay.fragment('/').add('reserved-memory');
    memory.set('#address-cells', CELLS).set('#size-cells', CELLS).set('ranges', true);
    for (const reservation of reservations) {
      memory.add(nodeName(reservation)).set('no-map', true).set('reg', regCells(reservation));
    }
  }
  for (const path of disabled) overlay.fragment(path).set('status', 'disabled');
  return write(overlay.build());
}

function sourceOf(reservations: readonly Reservation[], disabled: readonly string[]): string {
  const memory = reservations.flatMap((reservation) => [
    `\t\t/* ${reservation.comment.replaceAll('*/', '')} */`,
    `\t\t${nodeName(reservation)} {`,
    '\t\t\tno-map;',
    `\t\t\treg = <${regCells(reservation).map(hex).join(' ')}>;`,
    '\t\t};',
  ]);
  const fragments = [
    ...(reservations.length > 0
      ? [
          '&{/} {',
          '\treserved-memory {',
          `\t\t#address-cells = <${CELLS}>;`,
          `\t\t#size-cells = <${CELLS}>;`,
          '\t\tranges;',
          '',
          ...memory,
          '\t};',
          '};',
          '',
        ]
      : []),
    ...disabled.flatMap((path) => [`&{${path}} {`, '\tstatus = "disabled";', '};', '']),
  ];
  return ['/dts-v1/;', '/plugin/;', '', ...fragments].join('\n');
}

function nodeName({ name, physStart }: Reservation): string {
  return `${name}@${physStart.toString(16)}`;
}

function regCells({ physStart, sizeBytes }: Reservation): number[] {
  return [...toCells(physStart, CELLS), ...toCells(sizeBytes, CELLS)];
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
