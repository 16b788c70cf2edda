import { spawn } from 'node:child_process';
import type { Transport, TransportHandlers } from '../../src/wire/transport';

/** A program's stdin and stdout as a stream: how a test reaches a socket of another machine. */
export function childTransport(command: string, args: readonly string[]): Transport {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined);
  return {
    start({ onBytes, onClose }: TransportHandlers): void {
      child.stdout.on('data', onBytes);
      child.once('close', onClose);
    },
    send(pieces): void {
      for (const piece of pieces) child.stdin.write(piece);
    },
    close: () => void child.stdin.end(),
    setKeepsProcess: () => undefined,
  };
}
