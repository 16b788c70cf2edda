import { tokens } from './lexer';
import { unquote } from './string-escapes';
import { XlConfigError } from './xl-config-error';
import type { Token, TokenKind } from './lexer';

/** A value as it was written. Numbers stay text: what they mean depends on the key (xen-abi reference 19). */
export type XlValue =
  | { readonly kind: 'word'; readonly text: string; readonly isQuoted: boolean }
  | { readonly kind: 'list'; readonly items: readonly XlValue[] };

export interface Assignment {
  readonly name: string;
  readonly operator: '=' | '+=';
  readonly value: XlValue;
  /** Where the value ends, as the C tool counts. */
  readonly line: number;
  /** The word that ends the value, for errors about it. */
  readonly lastWord: string;
}

const WORDS_TO_RECOVER = 3;
/** Deeper lists are no configuration, and would exhaust the stack. */
const MAX_DEPTH = 64;

/**
 * The assignments of a configuration, in their order.
 * @param file its name, for errors
 * @throws XlConfigError `E_XLCFG_SYNTAX`, with a line for each error that was found
 */
export function parseAssignments(text: string, file: string): Assignment[] {
  const parser = new Parser(text, file);
  const assignments = parser.run();
  if (parser.errors.length > 0) {
    throw new XlConfigError(parser.errors.join('\n'), {
      code: 'E_XLCFG_SYNTAX',
      line: parser.firstLine,
      hint: parser.firstHint,
    });
  }
  return assignments;
}

/** Unwinds to the next line, where the parser goes on. */
class Failed extends Error {}

class Parser {
  readonly errors: string[] = [];
  firstLine: number | undefined;
  firstHint: string | undefined;
  private readonly words: Iterator<Token, void>;
  private current: Token;
  private looksLikePython = false;
  /** Words that still have to fit before another error is told: the C tool's parser finds its way back like this. */
  private wordsUntilReport = 0;

  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.words = tokens(text);
    this.current = this.next();
  }

  run(): Assignment[] {
    const assignments: Assignment[] = [];
    while (this.current.kind !== 'end') {
      try {
        const assignment = this.statement();
        if (assignment) assignments.push(assignment);
      } catch (error) {
        if (!(error instanceof Failed)) throw error;
        // The C tool gives up here too: the rest is Python, and every line of it would be an error.
        if (this.looksLikePython) break;
        while (!this.isAt('newline', 'end')) this.advance();
      }
    }
    if (this.looksLikePython) {
      this.errors.push(
        'warning: Config file looks like it contains Python code.',
        'warning:  Arbitrary Python is no longer supported.',
        'warning:  See https://wiki.xen.org/wiki/PythonInXlConfig',
      );
    }
    return assignments;
  }

  private statement(): Assignment | undefined {
    if (this.isAt('newline', ';')) {
      this.accept();
      return undefined;
    }
    const name = this.take(['identifier'], "$end or IDENT or NEWLINE or ';'", 'the name of a key').text;
    const operator = this.take(['=', '+='], "+= or '='", "'=' or '+='").kind as '=' | '+=';
    const { value, last } = this.value(0);
    const line = this.current.line;
    if (!this.isAt('newline', ';', 'end')) this.unexpected('$end', "the end of the line, or ';'");
    return { name, operator, value, line, lastWord: last.text };
  }

  private value(depth: number): { value: XlValue; last: Token } {
    const first = this.take(['string', 'number', '['], "STRING or NUMBER or '['", 'a string, a number or a list');
    if (first.kind !== '[') return { value: this.word(first), last: first };
    if (depth === MAX_DEPTH) this.fail(first, 'memory exhausted', `lists are at most ${MAX_DEPTH} deep`);
    const items: XlValue[] = [];
    this.skipNewlines();
    while (this.isAt('string', 'number', '[')) {
      items.push(this.value(depth + 1).value);
      this.skipNewlines();
      if (!this.isAt(',')) break;
      this.advance();
      this.skipNewlines();
    }
    const last = this.take([']'], "']'", "',' and another value, or ']'");
    return { value: { kind: 'list', items }, last };
  }

  private word(token: Token): XlValue {
    if (token.kind === 'number') return { kind: 'word', text: token.text, isQuoted: false };
    const { text, problem } = unquote(token.text);
    if (problem !== undefined) this.report(token, problem, 'a backslash in a string is written \\\\');
    return { kind: 'word', text, isQuoted: true };
  }

  private take(kinds: readonly TokenKind[], expected: string, meaning: string): Token {
    const token = this.current;
    if (!kinds.includes(token.kind)) this.unexpected(expected, meaning);
    this.accept();
    return token;
  }

  private unexpected(expected: string, meaning: string): never {
    const token = this.current;
    const where = `line ${token.line}, column ${token.column}`;
    if (token.kind === 'invalid') {
      if (/[+\-.():]/.test(token.text)) this.looksLikePython = true;
      this.fail(token, 'lexical error', `${where}: expected ${meaning}; ${whyInvalid(token.text)}`);
    }
    this.fail(
      token,
      `syntax error, unexpected ${NAMES[token.kind]}, expecting ${expected}`,
      `${where}: expected ${meaning}`,
    );
  }

  private fail(token: Token, problem: string, hint: string): never {
    this.report(token, problem, hint);
    this.wordsUntilReport = WORDS_TO_RECOVER;
    throw new Failed();
  }

  private report(token: Token, problem: string, hint: string): void {
    if (this.wordsUntilReport > 0) return;
    // The C tool has counted the line already when it reports its end, and takes one off too many.
    const line = token.kind === 'newline' ? token.line - 1 : token.line;
    const near = token.kind === 'newline' ? '<newline>' : `\`${token.text}'`;
    this.errors.push(`${this.file}:${line}: config parsing error near ${near}: ${problem}`);
    this.firstLine ??= token.line;
    this.firstHint ??= hint;
  }

  private isAt(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.current.kind);
  }

  private skipNewlines(): void {
    while (this.current.kind === 'newline') this.advance();
  }

  private accept(): void {
    this.wordsUntilReport = Math.max(0, this.wordsUntilReport - 1);
    this.advance();
  }

  private advance(): void {
    if (this.current.kind !== 'end') this.current = this.next();
  }

  private next(): Token {
    const { value } = this.words.next();
    if (!value) throw new TypeError('no word follows the end');
    return value;
  }
}

/** As the C tool's parser calls them. */
const NAMES: Readonly<Record<TokenKind, string>> = {
  identifier: 'IDENT',
  number: 'NUMBER',
  string: 'STRING',
  newline: 'NEWLINE',
  end: '$end',
  invalid: 'invalid token',
  '[': "'['",
  ']': "']'",
  ',': "','",
  '=': "'='",
  '+=': '+=',
  ';': "';'",
};

function whyInvalid(text: string): string {
  if (text.startsWith('"') || text.startsWith("'")) return 'a string ends on the line that it begins on';
  if (text === '\r') return 'the file has line ends of Windows (CR LF)';
  if (/^[A-Z]/.test(text)) return 'names of keys are written in small letters';
  return 'text stands in quotes';
}
