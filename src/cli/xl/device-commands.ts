/** Disks and interfaces of domains that run: one file when it is bundled, which other commands start without. */
export { blockAttach } from './block-attach';
export { blockDetach } from './block-detach';
export { blockList } from './block-list';
export { networkAttach } from './network-attach';
export { networkDetach } from './network-detach';
export { networkList } from './network-list';
