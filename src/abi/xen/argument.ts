/**
 * A struct that a hypercall is given, with the buffers that it points to; those may point to further ones. After the call, the
 * same arrays hold what Xen wrote.
 */
export interface HypercallArgument {
  readonly bytes: Uint8Array;
  readonly references?: readonly HypercallReference[];
}

export interface HypercallReference {
  readonly offset: number;
  readonly buffer: Uint8Array;
  readonly references?: readonly HypercallReference[];
}

/** Buffers by the field that holds their address: `{ 'hard.address': bytes }`. A field without one is a null pointer. */
export type Buffers = Readonly<Record<string, Uint8Array | undefined>>;

interface Offsets {
  offsetOf(path: string): number;
}

/** The references of a struct that stands at an offset of its argument. */
export function referencesOf(layout: Offsets, buffers: Buffers, offset = 0): HypercallReference[] {
  return Object.entries(buffers).flatMap(([field, buffer]) =>
    buffer === undefined ? [] : [{ offset: offset + layout.offsetOf(field), buffer }],
  );
}
