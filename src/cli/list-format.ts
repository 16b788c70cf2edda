import { parseArgs } from 'node:util';
import { Template } from './template';

/** How a list is printed: for people, as JSON, names alone, or as a text made of each entry. */
export type ListFormat = 'table' | 'json' | 'quiet' | Template;

/** For node:util's parseArgs. */
export const LIST_OPTIONS = {
  json: { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  format: { type: 'string' },
} as const;

interface ListOptions {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly format?: string | undefined;
}

/**
 * @returns undefined when more than one was asked for
 * @throws CellvisorError E_TEMPLATE
 */
export function chooseFormat({ json = false, quiet = false, format }: ListOptions): ListFormat | undefined {
  if ([json, quiet, format !== undefined].filter(Boolean).length > 1) return undefined;
  if (quiet) return 'quiet';
  if (json || format === 'json') return 'json';
  return format === undefined || format === 'table' ? 'table' : new Template(format);
}

/** @returns undefined for arguments that say anything but a format; throws as `chooseFormat` does */
export function parseFormat(args: readonly string[]): ListFormat | undefined {
  try {
    return chooseFormat(parseArgs({ args: [...args], options: LIST_OPTIONS, strict: true }).values);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) return undefined;
    throw error;
  }
}

/** @param parts `name`: what `-q` prints of an entry */
export function formatList<Entry extends object>(
  format: ListFormat,
  entries: readonly Entry[],
  parts: { readonly name: (entry: Entry) => string; readonly table: () => string },
): string {
  if (format === 'table') return parts.table();
  if (format === 'json') return `${JSON.stringify(entries, undefined, 2)}\n`;
  const lines = format === 'quiet' ? entries.map(parts.name) : format.lines(entries);
  return lines.map((line) => `${line}\n`).join('');
}
