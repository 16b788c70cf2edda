/** NXP's name of the file that its i.MX 8QuadMax and 8QuadXPlus boards share. */
export { board, config, dialect } from './imx8qm-gic-demo';

export const summary = 'imx8qm-gic-demo and imx8qxp-gic-demo under the name that NXP gave both';
