/** The program that ran in a cell: its code, and its symbols where it has any. */
export interface Program {
  /** As the user named it. */
  readonly file: string;
  /** The 32-bit word at an address of the program; undefined where the file has none. */
  wordAt(address: bigint): number | undefined;
  /** The symbol that an address is in. */
  symbolAt(address: bigint): SymbolPlace | undefined;
}

export interface SymbolPlace {
  readonly name: string;
  /** Bytes from the symbol's start. */
  readonly offset: bigint;
}

/** A file that is loaded as it is, such as an inmate's .bin. @param address where it is loaded */
export function imageProgram(file: string, bytes: Uint8Array, address: bigint): Program {
  return { file, wordAt: (at) => wordIn(bytes, at - address), symbolAt: () => undefined };
}

export function wordIn(bytes: Uint8Array, offset: bigint): number | undefined {
  if (offset < 0n || offset + 4n > BigInt(bytes.length)) {
    return undefined;
  }
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(Number(offset), true);
}
