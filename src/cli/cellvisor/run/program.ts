import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { arch } from 'node:os';

const ELF_MAGIC = 0x7f454c46;
const ELF_CLASS_64 = 2;
/** e_machine of the machines that Node runs on here. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const PT_INTERP = 3;
const SET_ID_MODE = 0o6000;
/** ELF header and program headers, which follow it in every program that a linker makes. */
const HEADERS_BYTES = 8192;

/**
 * Why the dynamic linker would not load the bridge into a program; undefined when it will, or when the file is a script.
 * Better a reason now than a program that does not see the board.
 */
export function whyNotBridged(path: string): string | undefined {
  const header = readHeader(path);
  if (header === undefined || header.length < 64 || header.readUInt32BE(0) !== ELF_MAGIC) return undefined;
  if (header[4] !== ELF_CLASS_64 || header.readUInt16LE(18) !== (MACHINES[arch()] ?? 0)) {
    return `a program for another machine than ${arch()}: the bridge cannot be loaded into it`;
  }
  if (!hasInterpreter(header)) return 'linked statically: the bridge cannot be loaded into it';
  if ((statSync(path).mode & SET_ID_MODE) !== 0)
    return 'a set-uid or set-gid program: the bridge is not loaded into it';
  return undefined;
}

function readHeader(path: string): Buffer | undefined {
  try {
    const fd = openSync(path, 'r');
    try {
      const header = Buffer.alloc(HEADERS_BYTES);
      return header.subarray(0, readSync(fd, header, 0, header.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined; // execve will say why
  }
}

function hasInterpreter(header: Buffer): boolean {
  const start = Number(header.readBigUInt64LE(32));
  const entryBytes = header.readUInt16LE(54);
  const count = header.readUInt16LE(56);
  for (let index = 0; index < count; index++) {
    const offset = start + index * entryBytes;
    if (offset + 4 <= header.length && header.readUInt32LE(offset) === PT_INTERP) return true;
  }
  return false;
}
