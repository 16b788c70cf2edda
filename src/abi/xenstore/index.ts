/** The wire protocol of xenstore: bytes only, no I/O. */
export * from './message';
export * from './path';
export * from './payload';
export * from './permissions';
export { XenstoreProtocolError } from './protocol-error';
