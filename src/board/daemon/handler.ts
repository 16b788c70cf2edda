/** Answers one operation; gives the pieces of the answer's payload. Aborting `signal` interrupts a call that waits. */
export type Handler = (payload: Uint8Array, signal: AbortSignal) => Uint8Array[] | Promise<Uint8Array[]>;
