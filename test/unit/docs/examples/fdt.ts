import { readFileSync, writeFileSync } from 'node:fs';
import { fdt } from '../../../../src/index';

/** What UART2 is, for whoever writes a cell for it. */
export function describeUart(path: string): string {
  const tree = fdt.parse(readFileSync(path));
  const uart = tree.get('serial1'); // an alias; a path such as /soc@0/bus@30800000/serial@30890000 does as well
  const [registers] = fdt.cpuRegions(uart); // through the ranges of every bus above, where reg() is the bus's own view
  const [interrupt] = fdt.interrupts(tree, uart);
  return [
    uart.strings('compatible')?.join(', '),
    `${uart.isAvailable ? 'used by Linux' : 'free'}`,
    `registers at 0x${registers?.address.toString(16)}`,
    `SPI ${interrupt?.cells[1]} of ${interrupt?.controller.name}`,
  ].join('; ');
}

/** Takes a piece of memory and the UART away from Linux: as an overlay, and applied to the board's tree. */
export function reserve(path: string, overlayPath: string, mergedPath: string): void {
  const board = fdt.parse(readFileSync(path));
  const overlay = new fdt.OverlayBuilder();
  const memory = overlay.fragment('/').add('reserved-memory');
  memory.set('#address-cells', 2).set('#size-cells', 2).set('ranges', true);
  memory.add('inmate@bb700000').set('reg', [0, 0xbb700000, 0, 0x100000]).set('no-map', true);
  overlay.fragment(fdt.symbol('uart2')).set('status', 'disabled'); // a label, for a base compiled with dtc -@
  writeFileSync(overlayPath, fdt.write(overlay.build()));
  writeFileSync(mergedPath, fdt.write(fdt.applyOverlay(board, overlay.build())));
}
