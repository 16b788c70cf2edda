import { ppi, spi } from '../builder';

/** A value, and the expression that makes it. */
export interface Part<T> {
  readonly value: T;
  readonly text: string;
}

/** The expressions of a module, and the names that they import. */
export class Source {
  private readonly used = new Set<string>();
  private readonly types = new Set<string>();

  /** Notes that a name of the builder is used. */
  use(name: string): void {
    this.used.add(name);
  }

  /** Notes that a type of the binary interface is used. */
  type(name: string): void {
    this.types.add(name);
  }

  adopt(other: Source): void {
    other.used.forEach((name) => this.used.add(name));
    other.types.forEach((name) => this.types.add(name));
  }

  imports(builder: string, abi: string): string[] {
    const names = [...this.used].sort((a, b) => a.toLowerCase().localeCompare(b.toLowerCase(), 'en'));
    return [
      ...(names.length > 0 ? [`import { ${names.join(', ')} } from '${builder}';`] : []),
      ...(this.types.size > 0 ? [`import type { ${[...this.types].join(', ')} } from '${abi}';`] : []),
    ];
  }

  /** An address or a size; as a number where it is exact. */
  quantity(value: bigint): Part<bigint> {
    const isExact = value <= BigInt(Number.MAX_SAFE_INTEGER);
    return { value, text: `0x${value.toString(16)}${isExact ? '' : 'n'}` };
  }

  /** @throws ConfigError for a number that is no SPI */
  spi(number: number): Part<ReturnType<typeof spi>> {
    this.use('spi');
    return { value: spi(number), text: `spi(${number})` };
  }

  /** @param intid of a private peripheral interrupt. Throws ConfigError for another number. */
  ppi(intid: number): Part<ReturnType<typeof ppi>> {
    this.use('ppi');
    return { value: ppi(intid - 16), text: `ppi(${intid - 16})` };
  }

  /** Field by field. */
  raw<T>(value: T): Part<T> {
    return { value, text: rawText(value) };
  }
}

function rawText(value: unknown): string {
  switch (typeof value) {
    case 'bigint':
      return `0x${value.toString(16)}n`;
    case 'number':
      return value < 10 ? `${value}` : `0x${value.toString(16)}`;
    case 'object':
      break;
    default:
      return JSON.stringify(value);
  }
  if (value instanceof Uint8Array) {
    return `Uint8Array.of(${Array.from(value, (byte) => (byte < 10 ? `${byte}` : `0x${byte.toString(16)}`)).join(', ')})`;
  }
  return Array.isArray(value)
    ? `[${value.map(rawText).join(', ')}]`
    : `{ ${Object.entries(value ?? {})
        .map(([name, one]) => `${name}: ${rawText(one)}`)
        .join(', ')} }`;
}
