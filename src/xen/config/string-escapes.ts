const CONTROL: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/**
 * The characters that a quoted word stands for: control characters, `\xHH`, `\ooo` (xen-abi reference 19). `problem` is
 * what is wrong with the first escape that means nothing, in the C tool's words.
 */
export function unquote(word: string): { readonly text: string; readonly problem: string | undefined } {
  let problem: string | undefined;
  const text = word
    .slice(1, -1)
    .replaceAll(/\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|([^\n]))/g, (_, hex?: string, octal?: string, other?: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
      const character = CONTROL[other ?? ''];
      if (character === undefined) problem ??= describe(other ?? '');
      return character ?? '';
    });
  return { text, problem };
}

function describe(character: string): string {
  if (character === 'x') return 'invalid digit after backslash hexnumerical character escape in quoted string';
  if (/[0-7]/.test(character)) return 'invalid digit after backslash octal numerical character escape in quoted string';
  return 'invalid character after backlash in quoted string';
}
