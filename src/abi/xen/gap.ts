import type { Field } from '../field';

/** Bytes that mean nothing in a hypercall's struct: zeros when written, not looked at when read. */
export function gap(sizeBytes: number): Field<never, never> {
  return { name: 'gap' as never, sizeBytes, properties: [], read: () => undefined, write: () => undefined };
}
