import { parseListenAddress } from '../listen-address';
import type { GdbAddress } from '../../../gdb/server';
import type { CommandIo } from '../../command';

export const DEFAULT_GDB_ADDRESS = '127.0.0.1:1234';

/** Without a host, only this machine is answered. */
export function parseGdbAddress(text: string, option: string, usage: string): GdbAddress {
  const { host = '127.0.0.1', port } = parseListenAddress(text, option, DEFAULT_GDB_ADDRESS, usage);
  return { host, port };
}

/** Says where a cell waits for GDB, and what to type. */
export function announce(io: Pick<CommandIo, 'err'>, cell: string, address: string, what: string): void {
  io.err(`cell '${cell}' ${what}:\n   gdb-multiarch INMATE.elf -ex 'target remote ${address}'\n`);
  if (!/^(127\.|\[::1\])/.test(address)) {
    io.err('other machines can reach that address: whoever does can read and change the cell\n');
  }
}
