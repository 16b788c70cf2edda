import { cell, inmateRam, MiB } from '../src/config/builder';
import { imx8x } from './boards/imx8x';

export const board = 'imx8qxp-mek';
export const dialect = 'nxp-10';
export const summary = 'i.MX 8QuadXPlus MEK: timer interrupts in a cell';

export const config = cell({
  name: 'gic-demo',
  cpus: [3],
  console: imx8x.uart,
  memory: [imx8x.uartWindow, inmateRam({ phys: 0xdf700000, size: 1 * MiB }), imx8x.commRegion],
});
