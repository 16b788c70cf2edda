/** Bytes that are not xenstore's protocol. */
export class XenstoreProtocolError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'XenstoreProtocolError';
  }
}
