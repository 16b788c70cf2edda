import Screen from 'blessed/lib/widgets/screen';
import { themeOf } from './theme';
import type { Widgets } from 'blessed';
import type { Theme } from './theme';

export interface TerminalOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Type of the terminal, as in `TERM`. */
  readonly terminal: string;
  readonly isUtf8: boolean;
  /** Whether colours are wanted, where the terminal has some. */
  readonly wantsColours: boolean;
}

/** Takes a terminal over; `destroy` gives it back. Blessed compares each picture with the one before, and sends only what has changed. */
export function openScreen(options: TerminalOptions): { readonly screen: Widgets.Screen; readonly theme: Theme } {
  const screen = inSilence(
    () =>
      new Screen({
        input: options.input,
        output: options.output,
        terminal: options.terminal,
        forceUnicode: options.isUtf8,
        useBCE: true,
        autoPadding: false,
      } as unknown as Widgets.IScreenOptions),
  );
  const { program, tput } = screen as unknown as Internals;
  // Lines are sent as UTF-8, or drawn in ASCII: alternate character sets are not right in every terminal that has them.
  tput.brokenACS = true;
  // Blessed would ask for every move of the mouse: many bytes on a slow line, for nothing that we want.
  program.enableMouse = () => program.setMouse({ vt200Mouse: true, sgrMouse: true }, true);
  return { screen, theme: themeOf(options.wantsColours ? tput.colors : 0) };
}

/**
 * Blessed does not know the newer format of terminfo files, which terminals with many colours have: it prints what it could not
 * make of one, in front of the person, and takes a description of its own.
 */
function inSilence<T>(make: () => T): T {
  const { error } = console;
  console.error = () => undefined;
  try {
    return make();
  } finally {
    console.error = error;
  }
}

/** What a screen shows, row by row: for tests. */
export function shownText(screen: Widgets.Screen): string[] {
  return (screen as unknown as Internals).lines.map((line) =>
    line
      .map(([, character]) => character)
      .join('')
      .trimEnd(),
  );
}

/** What blessed has and its types do not tell of. */
interface Internals {
  readonly program: {
    enableMouse: () => void;
    setMouse(modes: Readonly<Record<string, boolean>>, isEnabled: boolean): void;
  };
  readonly tput: { readonly colors: number; brokenACS: boolean };
  readonly lines: readonly (readonly (readonly [attribute: number, character: string])[])[];
}
