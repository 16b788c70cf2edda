/** What `xl create` was asked for. */
export interface CreateArguments {
  readonly file: string | undefined;
  /** `key=value` lines of the command line, appended to the file. */
  readonly settings: readonly string[];
  readonly isDryRun: boolean;
  readonly isQuiet: boolean;
  readonly isPaused: boolean;
  readonly withConsole: boolean;
  /** Who waits for the domain's end: a process in the background, this one, or nobody. */
  readonly monitor: 'background' | 'foreground' | 'none';
}

export type ParsedArguments =
  | { readonly kind: 'arguments'; readonly value: CreateArguments }
  | { readonly kind: 'help' }
  /** With what is said about it on stderr, where the C tool says something. */
  | { readonly kind: 'wrong'; readonly message?: string };

const LONG_OPTIONS: Readonly<Record<string, string>> = {
  '--dryrun': '-n',
  '--quiet': '-q',
  '--help': '-h',
  '--vncviewer': '-V',
  '--vncviewer-autopass': '-A',
  '--ignore-global-affinity-masks': '-i',
};

type Draft = { -readonly [Key in keyof CreateArguments]: CreateArguments[Key] };

/** As getopt takes them: the file may stand first, options may be joined (`-pc`), and `key=value` anywhere behind. */
export function parseCreateArguments(args: readonly string[]): ParsedArguments {
  const draft: Draft = {
    file: undefined,
    settings: [],
    isDryRun: false,
    isQuiet: false,
    isPaused: false,
    withConsole: false,
    monitor: 'background',
  };
  const settings: string[] = [];
  const words = [...args];
  for (let word; (word = words.shift()) !== undefined;) {
    if (word === '--') {
      for (const rest of words.splice(0)) if (!takeWord(rest, draft, settings)) return { kind: 'wrong' };
    } else if (word.startsWith('-') && word !== '-') {
      const outcome = takeOptions(word, words, draft);
      if (outcome) return outcome;
    } else if (!takeWord(word, draft, settings)) {
      return { kind: 'wrong' };
    }
  }
  return { kind: 'arguments', value: { ...draft, settings } };
}

function takeWord(word: string, draft: Draft, settings: string[]): boolean {
  if (word.includes('=')) settings.push(word);
  else if (draft.file === undefined) draft.file = word;
  else return false;
  return true;
}

function takeOptions(word: string, rest: string[], draft: Draft): ParsedArguments | undefined {
  if (word.startsWith('--defconfig=')) {
    draft.file = word.slice('--defconfig='.length);
    return undefined;
  }
  if (word === '--defconfig') return takeOptions('-f', rest, draft);
  const letters = word.startsWith('--') ? LONG_OPTIONS[word] : word;
  if (letters === undefined) return { kind: 'wrong', message: `option \`${word}' not supported.` };
  for (let index = 1; index < letters.length; index++) {
    const letter = letters[index] as string;
    if (letter === 'h') return { kind: 'help' };
    if (letter === 'f') {
      const file = letters.slice(index + 1) || rest.shift();
      if (file === undefined) return { kind: 'wrong', message: `option \`f' not supported.` };
      draft.file = file;
      return undefined;
    }
    if (!takeFlag(letter, draft)) return { kind: 'wrong', message: `option \`${letter}' not supported.` };
  }
  return undefined;
}

function takeFlag(letter: string, draft: Draft): boolean {
  switch (letter) {
    case 'n':
      draft.isDryRun = true;
      break;
    case 'q':
      draft.isQuiet = true;
      break;
    case 'p':
      draft.isPaused = true;
      break;
    case 'c':
      draft.withConsole = true;
      break;
    case 'F':
      draft.monitor = 'foreground';
      break;
    case 'e':
      draft.monitor = 'none';
      break;
    // Debug messages, VNC viewers and masks of xl.conf: accepted, and nothing to do here.
    case 'd':
    case 'V':
    case 'A':
    case 'i':
      break;
    default:
      return false;
  }
  return true;
}
