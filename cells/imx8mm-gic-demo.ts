import { cell } from '../src/config/builder';
import { imx8mm } from './boards/imx8mm';

export const board = 'imx8mm-evk';
export const dialect = 'nxp-10';
export const summary = 'i.MX 8M Mini EVK: timer interrupts in a cell';

export const config = cell({
  name: 'gic-demo',
  cpus: [3],
  console: imx8mm.uart,
  memory: [imx8mm.uartWindow, imx8mm.demoRam, imx8mm.commRegion],
});
