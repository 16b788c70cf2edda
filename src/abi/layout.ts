import { ConfigError } from '../errors';
import { isBlank, show } from './value';
import type { Field, NestedLayout, Place, PlacedField } from './field';

/** Where an encoded struct ends up, for the text of errors. */
export interface EncodeContext {
  /** What is being done, such as `encode cell config`. */
  readonly operation: string;
  /** What the bytes are for, such as `upstream-12`; default: the C name of the struct. */
  readonly format?: string;
  /** Path and byte offset of the struct within the whole. */
  readonly path?: string;
  readonly offset?: number;
}

/** Every way to name a property of T as a field: the name, and the type that the property has. */
type FieldOf<T> = { [K in keyof T & string]-?: Field<K, NonNullable<T[K]>> }[keyof T & string];

/**
 * A C struct as one table of fields, without alignment gaps (a gap is a `padding` field). Decoding, encoding, size and
 * offsets all follow from the table.
 */
export class StructLayout<T extends object> implements NestedLayout {
  readonly sizeBytes: number;
  readonly fields: readonly PlacedField[];
  private readonly codecs: readonly Field<string, unknown>[];
  private readonly properties: ReadonlySet<string>;

  constructor(
    /** The struct's name in C. */
    readonly name: string,
    fields: readonly FieldOf<T>[],
  ) {
    this.codecs = fields as readonly Field<string, unknown>[];
    let offset = 0;
    this.fields = this.codecs.map((field) => {
      const placed = { name: field.name, offset, sizeBytes: field.sizeBytes };
      offset += field.sizeBytes;
      return field.nested ? { ...placed, nested: field.nested } : placed;
    });
    this.sizeBytes = offset;
    this.properties = new Set(this.codecs.flatMap((field) => field.properties ?? [field.name]));
  }

  /** Byte offset of a field; nested ones as a path: `rootCell.console.address`. Throws for a name that is not here. */
  offsetOf(path: string): number {
    const { field, rest } = this.find(path);
    return field.offset + (rest === undefined ? 0 : within(field).offsetOf(rest));
  }

  /** Like {@link offsetOf}, for the size of the field in bytes. */
  sizeOf(path: string): number {
    const { field, rest } = this.find(path);
    return rest === undefined ? field.sizeBytes : within(field).sizeOf(rest);
  }

  has(field: string): boolean {
    return this.fields.some(({ name }) => name === field);
  }

  /** The innermost field that covers a byte offset of the struct. */
  fieldAt(offset: number): PlacedField {
    const field = this.fields.find((one) => offset >= one.offset && offset < one.offset + one.sizeBytes);
    if (!field) {
      throw new RangeError(`${this.name} has no byte ${offset}`);
    }
    const inner = field.nested?.fieldAt(offset - field.offset);
    return inner ? { ...inner, name: `${field.name}.${inner.name}`, offset: field.offset + inner.offset } : field;
  }

  /**
   * Reads the struct at an offset.
   *
   * @throws ConfigError E_CONFIG_TRUNCATED when the bytes end inside of the struct; it names the first field that is not whole.
   */
  decode(bytes: Uint8Array, offset = 0, operation = `decode ${this.name}`): T {
    this.requireWhole(bytes, offset, operation);
    return this.decodeView(new DataView(bytes.buffer, bytes.byteOffset + offset, this.sizeBytes), 0);
  }

  /** Reads without a check; `view` must hold the whole struct. */
  decodeView(view: DataView, offset: number): T {
    const into: Record<string, unknown> = {};
    for (const [index, codec] of this.codecs.entries()) {
      codec.read(view, offset + (this.fields[index] as PlacedField).offset, into);
    }
    return into as T;
  }

  /**
   * @throws ConfigError E_CONFIG_VALUE for a value that its field cannot hold, E_CONFIG_DIALECT for one that has no field.
   */
  encode(value: T, context: EncodeContext = { operation: `encode ${this.name}` }): Uint8Array {
    const bytes = new Uint8Array(this.sizeBytes);
    this.encodeInto(value, new DataView(bytes.buffer), 0, context);
    return bytes;
  }

  /** Writes the struct at an offset of a view that has room for it and holds zeros there. */
  encodeInto(value: T, view: DataView, offset: number, context: EncodeContext): void {
    const from = value as Record<string, unknown>;
    const place = (name: string, at: number): Place => ({
      operation: context.operation,
      format: context.format ?? this.name,
      path: context.path ? `${context.path}.${name}` : name,
      offset: (context.offset ?? 0) + at,
    });
    for (const [index, codec] of this.codecs.entries()) {
      const at = (this.fields[index] as PlacedField).offset;
      codec.write(view, offset + at, from, place(codec.name, at));
    }
    const homeless = Object.keys(from).find((name) => !this.properties.has(name) && !isBlank(from[name]));
    if (homeless !== undefined) {
      const { operation, format, path } = place(homeless, 0);
      throw new ConfigError(`${format} has no field ${path} (value ${show(from[homeless])})`, {
        code: 'E_CONFIG_DIALECT',
        operation,
        field: path,
      });
    }
  }

  private requireWhole(bytes: Uint8Array, offset: number, operation: string): void {
    const available = bytes.length - offset;
    if (available < this.sizeBytes) {
      const cut = this.fieldAt(Math.max(available, 0));
      throw new ConfigError(
        `cut short in ${cut.name}: ${this.name} needs ${this.sizeBytes} bytes, there are ${Math.max(available, 0)}`,
        { code: 'E_CONFIG_TRUNCATED', operation, field: cut.name, offset: offset + cut.offset },
      );
    }
  }

  private find(path: string): { field: PlacedField; rest: string | undefined } {
    const [head, ...rest] = path.split('.');
    const field = this.fields.find(({ name }) => name === head);
    if (!field) {
      throw new RangeError(`${this.name} has no field ${path}`);
    }
    return { field, rest: rest.length > 0 ? rest.join('.') : undefined };
  }
}

function within(field: PlacedField): NestedLayout {
  if (!field.nested) {
    throw new RangeError(`${field.name} has no fields of its own`);
  }
  return field.nested;
}
