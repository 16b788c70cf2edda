import { cell } from '../src/config/builder';
import { imx8mq } from './boards/imx8mq';

export const board = 'imx8mq-evk';
export const dialect = 'nxp-10';
export const summary = 'i.MX 8M Quad EVK: timer interrupts in a cell';

export const config = cell({
  name: 'gic-demo',
  cpus: [3],
  console: imx8mq.uart,
  memory: [imx8mq.uartWindow, imx8mq.demoRam, imx8mq.commRegion],
});
