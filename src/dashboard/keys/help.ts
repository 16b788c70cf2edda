import { bindingsAt, PANES } from './table';
import type { Place } from './table';

const SECTIONS: readonly { readonly title: string; readonly place: Place }[] = [
  { title: 'Everywhere', place: 'panes' },
  { title: 'Cells', place: 'cells' },
  { title: 'Detail', place: 'detail' },
  { title: 'Log', place: 'log' },
  { title: 'Domains of Xen', place: 'domains' },
  { title: 'Console of a domain', place: 'console' },
  { title: 'Typing into a console', place: 'typing' },
  { title: 'Picking a file', place: 'picker' },
  { title: 'Being asked', place: 'confirm' },
];

export interface HelpLine {
  /** Absent: the line is a title, or empty. */
  readonly keys?: string;
  readonly text: string;
}

/** The `?` page. */
export function helpLines(isReadOnly: boolean): HelpLine[] {
  return SECTIONS.flatMap(({ title, place }, index) => [
    ...(index > 0 ? [{ text: '' }] : []),
    { text: title },
    ...bindingsAt(place, isReadOnly).map(({ keys, help }) => ({ keys: keys.map(keyInWords).join(' '), text: help })),
  ]);
}

const WORDS: Readonly<Record<string, string>> = { escape: 'Esc', enter: 'Enter', tab: 'Tab', pageup: 'PgUp' };

/** As it stands on keyboards. */
export function keyInWords(key: string): string {
  if (key === 'pagedown') return 'PgDn';
  if (key === 'shift-tab') return 'Shift-Tab';
  const control = /^ctrl-(.)$/.exec(key)?.[1];
  if (control !== undefined) return `Ctrl-${control.toUpperCase()}`;
  return WORDS[key] ?? (key.length > 1 ? `${key.charAt(0).toUpperCase()}${key.slice(1)}` : key);
}

/** What the bottom line shows: keys of the place first. */
export function shownKeys(place: Place, isReadOnly: boolean): { readonly key: string; readonly label: string }[] {
  const isPane = PANES.has(place);
  return [...bindingsAt(place, isReadOnly), ...(isPane ? bindingsAt('panes', isReadOnly) : [])].flatMap(
    ({ keys, label }) => (label === undefined ? [] : [{ key: keyInWords(keys[0] ?? ''), label }]),
  );
}
