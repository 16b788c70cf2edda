/** A byte stream in both directions: a socket, or two ends within one process. */
export interface TransportHandlers {
  readonly onBytes: (chunk: Uint8Array) => void;
  /** Called once, also after `close`. */
  readonly onClose: () => void;
}

export interface Transport {
  /** Before this call nothing is delivered. */
  start(handlers: TransportHandlers): void;
  send(pieces: readonly Uint8Array[]): void;
  /** Delivers what was sent, then ends both directions. */
  close(): void;
  /** Whether the process stays alive for this stream alone. */
  setKeepsProcess(keeps: boolean): void;
}
