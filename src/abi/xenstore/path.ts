/** Paths of xenstore nodes (xen-abi reference 12; that a colon is refused was seen with Xen 4.17's xenstored). */

const MAX_ABSOLUTE_BYTES = 3072;
const MAX_RELATIVE_BYTES = 2048;
const SPECIAL_WATCHES = ['@introduceDomain', '@releaseDomain'];

/** Why xenstored would refuse a path, in words; undefined for a good one. */
export function faultOfPath(path: string): string | undefined {
  if (path === '') return 'it is empty';
  const wrong = /[^-A-Za-z0-9/_@]/.exec(path);
  if (wrong !== null) return `${JSON.stringify(wrong[0])} may not stand in it`;
  const limitBytes = path.startsWith('/') ? MAX_ABSOLUTE_BYTES : MAX_RELATIVE_BYTES;
  // All its characters are ASCII.
  if (path.length > limitBytes) return `it is longer than ${limitBytes} bytes`;
  if (path.includes('//')) return 'it has an empty name';
  if (path.endsWith('/') && path !== '/') return 'it ends with a slash';
  return undefined;
}

/** The same for what may be watched: special events too. */
export function faultOfWatchPath(path: string): string | undefined {
  if (path.startsWith('@')) return SPECIAL_WATCHES.includes(path) ? undefined : 'there is no such event';
  return faultOfPath(path);
}
