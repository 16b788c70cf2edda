import type { ConfigKey } from './key';

/** Keys of NXP's Xen (xen-abi reference 18); `tee` is upstream's too, from 4.13 on. */
export const NXP_KEYS: readonly ConfigKey[] = [
  {
    name: 'tee',
    kind: 'number or string',
    scope: 'nxp',
    summary: "`none` or `optee`; on NXP's Xen 4.11 a boolean, for Trusty",
  },
  { name: 'vrtc', kind: 'string', scope: 'nxp', summary: '`pl031`: an emulated clock' },
  {
    name: 'vi2c',
    kind: 'list',
    scope: 'nxp',
    summary: 'I2C devices to share: `backend=...,be-adapter=...,slaves=0x51;0x52`',
  },
];
