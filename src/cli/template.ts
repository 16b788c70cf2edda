import { CellvisorError } from '../errors';

interface Place {
  /** Empty: the whole entry. */
  readonly field: string;
  readonly isJson: boolean;
}
type Part = { readonly text: string } | Place;

const PLACES = /\{\{\s*(json\s+)?\.([A-Za-z]\w*)?\s*\}\}/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\t': '\t', '\\n': '\n' };

/**
 * A text with places for the fields of an entry, as users of docker and kubectl write it: `{{.name}}` is a field, whatever
 * the case of its letters, `{{json .name}}` the same as JSON, `{{json .}}` the whole entry. `\t` and `\n` are a tab and a
 * new line. There is no more to it: no functions, no loops, no conditions.
 */
export class Template {
  private readonly parts: readonly Part[];

  /** @throws CellvisorError E_TEMPLATE for what is not understood */
  constructor(private readonly source: string) {
    const parts: Part[] = [];
    let end = 0;
    for (const match of source.matchAll(PLACES)) {
      const [place, json, field = ''] = match;
      if (field === '' && json === undefined) throw this.error(`'${place}' has no field`);
      parts.push(this.literal(source.slice(end, match.index)), { field, isJson: json !== undefined });
      end = match.index + place.length;
    }
    this.parts = [...parts, this.literal(source.slice(end))];
    if (parts.length === 0) throw this.error('it has no field');
  }

  /**
   * A line for each entry. What one entry lacks and another has is empty.
   *
   * @throws CellvisorError E_TEMPLATE for a field that no entry has
   */
  lines(entries: readonly object[]): string[] {
    const names = [...new Set(entries.flatMap((entry) => Object.keys(entry)))];
    return entries.map((entry) =>
      this.parts.map((part) => ('text' in part ? part.text : this.value(entry, part, names))).join(''),
    );
  }

  private value(entry: object, { field, isJson }: Place, names: readonly string[]): string {
    const value = field === '' ? entry : (entry as Record<string, unknown>)[this.nameOf(field, names)];
    if (isJson) return JSON.stringify(value ?? null);
    const isList = Array.isArray(value) && value.every((one) => typeof one !== 'object');
    return typeof value === 'object' && !isList ? JSON.stringify(value) : String(value ?? '');
  }

  private nameOf(field: string, names: readonly string[]): string {
    const name = names.find((one) => one.toLowerCase() === field.toLowerCase());
    if (name !== undefined) return name;
    throw this.error(`there is no field '${field}'`, `the fields are ${names.join(', ')}`);
  }

  private literal(text: string): Part {
    if (text.includes('{{')) throw this.error(`'${text.slice(text.indexOf('{{'))}' is not understood`);
    return { text: text.replace(/\\[tn]/g, (escape) => ESCAPES[escape] ?? escape) };
  }

  private error(
    reason: string,
    hint = "a template is text with fields, such as '{{.name}} {{.state}}'",
  ): CellvisorError {
    return new CellvisorError(`--format ${this.source}: ${reason}`, {
      code: 'E_TEMPLATE',
      operation: 'read template',
      hint,
    });
  }
}
