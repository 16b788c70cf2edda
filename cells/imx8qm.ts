import { rootCell } from '../src/config/builder';
import { imx8qmRoot } from './boards/imx8qm';

export const board = 'imx8qm-mek';
export const dialect = 'nxp-10';
export const summary = 'root cell of the i.MX 8QuadMax MEK, for the bare-metal demos';

export const config = rootCell(imx8qmRoot('undefined'));
