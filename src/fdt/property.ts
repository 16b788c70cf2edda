import { FdtError } from './fdt-error';

/** Where a property stood in the blob that it was read from. Kept so that what is not edited is written as it was. */
export interface PropertySource {
  /** Of the value, from the start of the blob. */
  readonly offset: number;
  /** Of the name, within the strings block. */
  readonly nameOffset: number;
  readonly nopsBefore: number;
  /** Bytes that fill the value up to a multiple of 4, where they are not zeros. */
  readonly padding?: Uint8Array;
}

/**
 * A property of a node. It does not change: `node.set` puts a new one in its place.
 * The typed readers throw `FdtError` (`E_FDT_VALUE`) when the bytes are not of that type.
 */
export class Property {
  constructor(
    private readonly owner: { readonly path: string },
    readonly name: string,
    /** The raw bytes, not to be written to. */
    readonly value: Uint8Array,
    /** @internal */
    readonly source?: PropertySource,
  ) {}

  /** Such as `/soc@0/serial@30890000:reg`. */
  get path(): string {
    return `${this.nodePath}:${this.name}`;
  }

  /** Of the node that it is a property of. */
  get nodePath(): string {
    return this.owner.path;
  }

  /** One cell. */
  u32(): number {
    if (this.value.length !== 4) throw this.misfit('4 bytes, a u32');
    return this.view().getUint32(0);
  }

  /** A list of cells, possibly empty. */
  u32s(): number[] {
    if (this.value.length % 4 !== 0) throw this.misfit('a multiple of 4 bytes, cells');
    const view = this.view();
    return Array.from({ length: this.value.length / 4 }, (_, index) => view.getUint32(4 * index));
  }

  /** Two cells, as one number. */
  u64(): bigint {
    if (this.value.length !== 8) throw this.misfit('8 bytes, a u64');
    return this.view().getBigUint64(0);
  }

  u64s(): bigint[] {
    if (this.value.length % 8 !== 0) throw this.misfit('a multiple of 8 bytes, u64s');
    const view = this.view();
    return Array.from({ length: this.value.length / 8 }, (_, index) => view.getBigUint64(8 * index));
  }

  /** Exactly one NUL-terminated string. */
  string(): string {
    const strings = this.strings();
    if (strings.length !== 1) throw this.misfit(`one string, not ${strings.length}`);
    return strings[0] as string;
  }

  /** NUL-terminated strings, at least one unless the value is empty. */
  strings(): string[] {
    if (this.value.length === 0) return [];
    const { buffer, byteOffset, length } = this.value;
    if (this.value[length - 1] !== 0) throw this.misfit('a string: it has no NUL at its end');
    return Buffer.from(buffer, byteOffset, length - 1)
      .toString()
      .split('\0');
  }

  /** @internal */
  misfit(expected: string): FdtError {
    const { length } = this.value;
    return new FdtError(`${this.path} (${length} bytes) should be ${expected}`, {
      code: 'E_FDT_VALUE',
      operation: 'read property',
      offset: this.source?.offset,
    });
  }

  private view(): DataView {
    return new DataView(this.value.buffer, this.value.byteOffset, this.value.length);
  }
}
