import type { Key } from '../model/events';

/** What blessed tells of a key press. */
export interface KeyPress {
  readonly name?: string | undefined;
  readonly full?: string | undefined;
  readonly ctrl?: boolean | undefined;
  /** What the terminal sent. */
  readonly sequence?: string | undefined;
}

/** Blessed names it twice: as `return`, and as the `enter` that we take. `linefeed` is Ctrl-J, and Enter on some lines. */
const NAMES: Readonly<Record<string, string | undefined>> = {
  return: undefined,
  linefeed: 'enter',
  'S-tab': 'shift-tab',
  ' ': 'space',
  space: 'space',
  '\x1d': 'ctrl-]',
};

/** A key press by the name that the table of keys uses; undefined for what is none. */
export function keyOf(character: string | undefined, press: KeyPress): Key | undefined {
  const key = namedKey(character, press);
  return key && { ...key, sequence: press.sequence ?? character };
}

function namedKey(character: string | undefined, press: KeyPress): Key | undefined {
  const full = press.full ?? press.name ?? character;
  if (full === undefined) return undefined;
  if (full in NAMES) {
    const name = NAMES[full];
    return name === undefined ? undefined : { name, text: name === 'space' ? ' ' : undefined };
  }
  if (character !== undefined && /^[!-~]$/.test(character)) return { name: character, text: character };
  return { name: full.replace(/^C-/, 'ctrl-').replace(/^M-/, 'alt-').replace(/^S-/, 'shift-'), text: undefined };
}
