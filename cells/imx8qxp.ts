import { rootCell } from '../src/config/builder';
import { imx8qxpRoot } from './boards/imx8qxp';

export const board = 'imx8qxp-mek';
export const dialect = 'nxp-10';
export const summary = 'root cell of the i.MX 8QuadXPlus MEK, for the bare-metal demos';

export const config = rootCell(imx8qxpRoot('undefined'));
