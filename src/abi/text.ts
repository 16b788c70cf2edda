/**
 * Text in fixed-size char arrays. Names are UTF-8, but nothing in the kernel enforces that: bytes that are not valid
 * UTF-8 become the lone surrogates U+DC80..U+DCFF, one per byte, and turn back into the same bytes when encoded.
 */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();

const ESCAPE = 0xdc00;

export function decodeText(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => String.fromCharCode(byte < 0x80 ? byte : ESCAPE + byte)).join('');
  }
}

export function encodeText(text: string): Uint8Array {
  const parts = Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    return character.length === 1 && code >= ESCAPE + 0x80 && code <= ESCAPE + 0xff
      ? Uint8Array.of(code - ESCAPE)
      : utf8.encode(character);
  });
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The bytes before the first NUL, or all of them when there is none. */
export function cString(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** The bytes up to and including the last one that is not zero. */
export function trimTrailingZeros(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) {
    end--;
  }
  return bytes.subarray(0, end);
}
