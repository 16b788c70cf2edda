/** Whether a value encodes to nothing but zeros, so that leaving its field out loses nothing. */
export function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === 0 || value === 0n || value === '') {
    return true;
  }
  if (value instanceof Uint8Array) {
    return value.every((byte) => byte === 0);
  }
  if (Array.isArray(value)) {
    return value.length === 0;
  }
  return typeof value === 'object' && Object.values(value).every(isBlank);
}

/** A value as a person writes it in an error or a diff: numbers in hex, bytes as hex digits, objects in braces. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return value < 0 ? `${value}` : `0x${value.toString(16)}`;
    case 'string':
      return JSON.stringify(value);
    case 'object':
      break;
    default:
      return String(value);
  }
  if (value instanceof Uint8Array) {
    return `bytes ${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  }
  if (Array.isArray(value)) {
    return `[${value.map(show).join(', ')}]`;
  }
  const entries = Object.entries(value ?? {}).map(([name, one]) => `${name}: ${show(one)}`);
  return `{ ${entries.join(', ')} }`;
}
