import { UartPort } from '../../../src/board/daemon/uart-port';
import type { Machine } from '../../../src/board/machine';

/** A receiver with a FIFO of 32 bytes that somebody may read. */
class FakeUart {
  fifo: number[] = [];
  readonly taken: number[] = [];

  uartInput(_name: string, bytes: Uint8Array): number {
    const count = Math.min(bytes.length, 32 - this.fifo.length);
    this.fifo.push(...bytes.subarray(0, count));
    return count;
  }

  uartLog() {
    return { start: 0, end: 0, bytes: new Uint8Array(0) };
  }

  readAll(): void {
    this.taken.push(...this.fifo.splice(0));
  }
}

let uart: FakeUart;
let port: UartPort;

beforeEach(() => {
  jest.useFakeTimers();
  uart = new FakeUart();
  port = new UartPort(uart as unknown as Machine, 'uart1', { hasTerminals: false, journal: () => undefined });
});
afterEach(() => {
  port.close();
  jest.useRealTimers();
});

test('input that is longer than the FIFO arrives as it is read', () => {
  const text = 'x'.repeat(100) + 'end';
  expect(port.send(Buffer.from(text))).toBe(103);
  for (let round = 0; round < 10; round++) {
    uart.readAll();
    jest.advanceTimersByTime(5);
  }
  expect(Buffer.from(uart.taken).toString()).toBe(text);
});

test('input that nobody reads is dropped after a while, as on a line without flow control', () => {
  port.send(Buffer.from('a'.repeat(100)));
  jest.advanceTimersByTime(3000);
  expect(jest.getTimerCount()).toBe(0);
  uart.readAll();
  port.send(Buffer.from('b'));
  uart.readAll();
  expect(Buffer.from(uart.taken).toString()).toBe(`${'a'.repeat(32)}b`);
});

test('what is typed ahead has a bound', () => {
  expect(port.send(Buffer.alloc(100_000))).toBe(65_536);
  expect(port.send(Buffer.alloc(100_000))).toBe(32);
});

test('closing ends everything', () => {
  port.send(Buffer.alloc(100));
  port.close();
  expect(jest.getTimerCount()).toBe(0);
});
