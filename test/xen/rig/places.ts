/** In dom0: where install.mjs puts our files, and the C tool without Debian's wrapper. */
export const HOME = '/opt/cellvisor';
export const NODE = `${HOME}/node/bin/node`;
export const OUR_XL = `${HOME}/bin/xl`;
export const C_XL = '/usr/lib/xen-4.17/bin/xl';
