import { b, eret, ldrW, mov64, movz, strW, strX, wfi } from '../../../support/a64';
import {
  increment,
  interruptLoop,
  interruptsOn,
  IRQ_VECTOR,
  poke32,
  print,
  stop,
  store,
} from '../../../support/inmate-code';
import { GICD, UART, UART_INTID, withBench } from '../../../support/native-machine';

describe('transmitter', () => {
  test('the inmate’s characters are in the log, and JavaScript is told', async () => {
    await withBench({}, async (bench) => {
      bench.run(1, [3], [print(UART, 'Hello!\n'), stop]);
      await bench.until(() => bench.uart() === 'Hello!\n');
      await bench.until(() => bench.events.some((event) => event.type === 'uart' && event.uart === 'uart'));
    });
  });

  test('the log keeps the newest 4 MiB and counts on', async () => {
    await withBench({ clock: 'virtual' }, async (bench) => {
      // Two instructions a character: the limit falls into the sixth MiB.
      bench.run(1, [3], [mov64(1, UART + 0x40n), movz(2, 0x2e), strW(2, 1), b(-1)]);
      bench.machine.setVirtualLimit(11_000_000n);
      await bench.machine.virtualRest();
      const log = bench.machine.uartLog('uart', 0);
      expect(log.end).toBeGreaterThan(5_000_000);
      expect(log.end - log.start).toBe(4 << 20);
      expect(log.bytes).toHaveLength(4 << 20);
      expect(bench.machine.uartLog('uart', log.end - 3).bytes).toEqual(new Uint8Array([0x2e, 0x2e, 0x2e]));
      expect(bench.machine.uartLog('uart', log.end + 100)).toMatchObject({ start: log.end, end: log.end });
    });
  });

  test('a disabled UART drops characters', async () => {
    await withBench({}, async (bench) => {
      bench.run(
        1,
        [3],
        [poke32(UART + 0x80n, 0), print(UART, 'lost'), poke32(UART + 0x80n, 1), print(UART, 'kept'), stop],
      );
      await bench.until(() => bench.uart() !== '' && bench.uart().length >= 4);
      expect(bench.uart()).toBe('kept');
    });
  });
});

const kinds = [
  { kind: 'imx', data: 0x40n, received: 0x00n, enableInterrupt: poke32(UART + 0x80n, 0x201), depth: 32 },
  { kind: 'lpuart', data: 0x1cn, received: 0x1cn, enableInterrupt: poke32(UART + 0x18n, 0x2c0000), depth: 64 },
  { kind: 'pl011', data: 0x00n, received: 0x00n, enableInterrupt: poke32(UART + 0x38n, 0x50), depth: 32 },
] as const;

describe.each(kinds)('$kind', ({ kind, data, received, enableInterrupt, depth }) => {
  const uarts = [{ name: 'uart', kind, physStart: UART, sizeBytes: 0x1000, intid: UART_INTID }];
  const spi = 1 << (UART_INTID - 32);

  test('echoes by interrupt what it receives', async () => {
    await withBench({ uarts }, async (bench) => {
      bench.createCell(1, [3], { intids: [UART_INTID] });
      bench.load(1, [interruptsOn, poke32(GICD + 0x104n, spi), enableInterrupt, increment(0x8000), wfi(), b(-1)]);
      bench.load(
        1,
        [interruptLoop([...mov64(1, UART + received), ldrW(2, 1), ...mov64(1, UART + data), strW(2, 1)], [eret()])],
        IRQ_VECTOR,
      );
      bench.start(1);
      await bench.until(() => bench.word(1, 0x8000) === 1n);
      let sent = '';
      for (const text of ['a', 'bc', 'xyz']) {
        expect(bench.machine.uartInput('uart', Buffer.from(text))).toBe(text.length);
        sent += text;
        await bench.until(() => bench.uart() === sent, `echo of ${sent}`);
      }
      expect(bench.counter(3, 'virt_irq')).toBeGreaterThanOrEqual(3);
    });
  });

  test('takes as many bytes as its FIFO has room for', async () => {
    await withBench({ uarts }, (bench) => {
      expect(bench.machine.uartInput('uart', new Uint8Array(100))).toBe(depth);
      expect(bench.machine.uartInput('uart', new Uint8Array(1))).toBe(0);
    });
  });

  test('a register that does not exist is an external abort', async () => {
    await withBench({ uarts }, async (bench) => {
      bench.createCell(1, [3]);
      bench.load(1, [movz(9, 0x800), 0xd518c009, mov64(1, UART + 0x200n), ldrW(0, 1), stop]);
      bench.load(1, [movz(0, 1), movz(1, 0x8000), strX(0, 1), stop], 0xa00n);
      bench.start(1);
      await bench.until(() => bench.word(1, 0x8000) === 1n);
      expect(bench.console()).toContain('no device register at physical 0x30890200 (read of 4 bytes)');
    });
  });

  test('root’s input raises the interrupt at root', async () => {
    await withBench({ uarts }, async (bench) => {
      bench.run(1, [3], [enableInterrupt, store(9, 0x8000), stop]);
      await bench.until(() => bench.word(1, 0x8000) !== 0n);
      bench.machine.uartInput('uart', Buffer.from('x'));
      await bench.until(() =>
        bench.events.some((event) => event.type === 'rootInterrupt' && event.intid === UART_INTID),
      );
      expect(bench.counter(0, 'virt_irq')).toBe(1);
    });
  });
});
