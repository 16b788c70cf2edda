import { closeSync, openSync, readSync } from 'node:fs';

/** From the kernel: node:crypto has the same, but takes longer to load than a domain's description takes to write. */
export function randomBytes(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  const fd = openSync('/dev/urandom', 'r');
  try {
    // Up to 256 bytes come whole (random(7)).
    readSync(fd, bytes);
  } finally {
    closeSync(fd);
  }
  return bytes;
}
