/** Words of an xl.cfg (xen-abi reference 19). */

export type TokenKind =
  'identifier' | 'number' | 'string' | 'newline' | '[' | ']' | ',' | '=' | '+=' | ';' | 'end' | 'invalid';

export interface Token {
  readonly kind: TokenKind;
  /** As it stands in the file, quotes included. */
  readonly text: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in characters. */
  readonly column: number;
}

const PATTERNS: readonly (readonly [TokenKind, RegExp])[] = [
  ['identifier', /[a-z][._0-9a-z]*/y],
  ['number', /[0-9][0-9a-fx]*/y],
  ['string', /"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*'/y],
  ['+=', /\+=/y],
];
const PUNCTUATION: ReadonlySet<string> = new Set(['[', ']', ',', '=', ';']);
const IGNORED = /(?:[ \t]|#[^\n]*)+/y;
const REST_OF_WORD = /[^ \t\n]+/y;
const REST_OF_LINE = /[^\n]*/y;

/**
 * The words of `text`, the last one `end`. A character that begins no word gives one `invalid` token, up to the next
 * blank, and the rest of its line is left out: the C tool does the same.
 */
export function* tokens(text: string): Generator<Token, void> {
  let position = 0;
  let line = 1;
  let lineStart = 0;
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = position;
    return pattern.exec(text)?.[0] ?? '';
  };
  const token = (kind: TokenKind, word: string): Token => {
    return { kind, text: word, line, column: position - lineStart + 1 };
  };
  while (position < text.length) {
    position += match(IGNORED).length;
    const character = text[position];
    if (character === undefined) break;
    if (character === '\n') {
      yield token('newline', '\n');
      position++;
      line++;
      lineStart = position;
      continue;
    }
    if (PUNCTUATION.has(character)) {
      yield token(character as TokenKind, character);
      position++;
      continue;
    }
    const word = PATTERNS.map(([kind, pattern]) => [kind, match(pattern)] as const).find(([, found]) => found !== '');
    if (word) {
      yield token(...word);
      position += word[1].length;
    } else {
      yield token('invalid', match(REST_OF_WORD));
      position += match(REST_OF_LINE).length;
    }
  }
  yield token('end', '');
}
