/** What the blob that a tree was read from looked like; so a tree that was not edited is written byte for byte as it was. */
export interface TreeSource {
  /** The whole blob. */
  readonly bytes: Uint8Array;
  readonly version: number;
  readonly reservations: Block;
  readonly structure: Block;
  readonly strings: Block;
  /** Room behind the last block. */
  readonly freeBytes: number;
  /** NOP tokens between the root's end and the end of the structure block. */
  readonly nopsBeforeEnd: number;
}

/** One of the three blocks that follow the header, in any order. */
export interface Block {
  readonly offset: number;
  readonly sizeBytes: number;
}
