import { parseAssignments } from './syntax';
import { XlConfigError } from './xl-config-error';
import type { Assignment, XlValue } from './syntax';

/** What a key has in the end: the last `=`, and what `+=` has added since. */
export interface Setting {
  readonly value: XlValue;
  /** 1-based. */
  readonly line: number;
}

/**
 * The keys of a configuration and what they were set to. Readers give undefined for a key that is absent, or whose value
 * is of the wrong kind: that is warned about in the C tool's words, and the key has no effect then (xen-abi reference 19).
 */
export class Settings {
  private readonly byName = new Map<string, Setting>();

  /**
   * @param notice told what a person should know, a line at a time
   * @throws XlConfigError `E_XLCFG_SYNTAX`
   */
  constructor(
    text: string,
    readonly file: string,
    readonly notice: (line: string) => void,
  ) {
    for (const assignment of parseAssignments(text, file)) this.apply(assignment);
  }

  get names(): Iterable<string> {
    return this.byName.keys();
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  lineOf(name: string): number {
    return this.byName.get(name)?.line ?? 0;
  }

  get(name: string): Setting | undefined {
    return this.byName.get(name);
  }

  string(name: string): string | undefined {
    const setting = this.byName.get(name);
    if (!setting) return undefined;
    if (setting.value.kind === 'word') return setting.value.text;
    this.warn(setting.line, `parameter \`${name}' is a list but should be a single value`);
    return undefined;
  }

  /** In base 10, with `0x` in base 16, with a leading 0 in base 8. */
  number(name: string): number | undefined {
    const text = this.string(name);
    if (text === undefined) return undefined;
    const value = parseInteger(text);
    if (value === undefined) {
      this.warn(this.lineOf(name), `parameter \`${name}' is not a valid number`);
    } else if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) {
      const problem = 'could not be parsed as a number: Numerical result out of range';
      this.warn(this.lineOf(name), `parameter \`${name}' ${problem}`);
      return undefined;
    }
    return value;
  }

  /** A number that is not below 0; others are refused as the value of no key makes sense then. */
  count(name: string): number | undefined {
    const value = this.number(name);
    if (value === undefined || value >= 0) return value;
    this.warn(this.lineOf(name), `parameter \`${name}' is below 0`);
    return undefined;
  }

  boolean(name: string): boolean | undefined {
    const value = this.number(name);
    return value === undefined ? undefined : value !== 0;
  }

  /** Items that are lists themselves are left out, with a warning. */
  list(name: string): readonly string[] | undefined {
    const setting = this.byName.get(name);
    if (!setting) return undefined;
    if (setting.value.kind === 'word') {
      this.warn(setting.line, `parameter \`${name}' is a single value but should be a list`);
      return undefined;
    }
    return setting.value.items.flatMap((item, index) => {
      if (item.kind === 'word') return [item.text];
      this.warn(setting.line, `parameter \`${name}': item ${index} is a list but should be a single value`);
      return [];
    });
  }

  /** One value, or a list of them. */
  stringOrList(name: string): string | readonly string[] | undefined {
    return this.byName.get(name)?.value.kind === 'list' ? this.list(name) : this.string(name);
  }

  warn(line: number, text: string): void {
    this.notice(`${this.file}:${line}: warning: ${text}`);
  }

  private apply({ name, operator, value, line, lastWord }: Assignment): void {
    const old = this.byName.get(name)?.value;
    if (operator === '+=' && value.kind === 'word' && !value.isQuoted) {
      this.warn(line, `can't use += with numbers for parameter \`${name}'`);
      this.byName.delete(name);
      return;
    }
    const isAddition = operator === '+=' && old !== undefined;
    this.byName.set(name, { value: isAddition ? this.sum(old, value, line, lastWord) : value, line });
  }

  private sum(old: XlValue, added: XlValue, line: number, lastWord: string): XlValue {
    if (old.kind === 'word' && added.kind === 'word') {
      return { kind: 'word', text: old.text + added.text, isQuoted: true };
    }
    if (old.kind === 'list' && added.kind === 'list') {
      return { kind: 'list', items: [...old.items, ...added.items] };
    }
    const problem = `can't add ${kindName(added)} to ${kindName(old)} or vice versa`;
    throw new XlConfigError(`${this.file}:${line}: config parsing error near \`${lastWord}': ${problem}`, {
      code: 'E_XLCFG_SYNTAX',
      line,
      hint: "'+=' adds a string to a string, or a list to a list",
    });
  }
}

function kindName(value: XlValue): string {
  return value.kind === 'list' ? '[list]' : '"string"';
}

const INTEGER = /^\s*([-+]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))$/;

/** As strtol reads it with base 0: hexadecimal with 0x, octal with a leading 0. Undefined when it is no number. */
export function parseInteger(text: string): number | undefined {
  const match = INTEGER.exec(text);
  if (!match) return undefined;
  const [, sign, hex, octal, decimal] = match;
  const magnitude =
    hex !== undefined ? Number.parseInt(hex, 16) : octal !== undefined ? Number.parseInt(octal, 8) : Number(decimal);
  return sign === '-' ? -magnitude : magnitude;
}
