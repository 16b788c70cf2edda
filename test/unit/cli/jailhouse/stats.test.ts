import { CounterTable } from '../../../../src/cli/jailhouse/cell/stats-table';
import { main } from '../../../../src/cli/jailhouse/main';
import { FakeKernel, sysfsOf } from '../../../support/fake-kernel';
import { run } from '../../../support/command';
import type { ScreenLine, Terminal } from '../../../../src/cli/command';

const USAGE = 'usage: jailhouse cell stats { ID | [--name] NAME }\n';
const NOT_FOUND = 'reading stats: No such file or directory\n';

function kernelWith(
  counters: Record<string, number> = { vmexits_total: 12, vmexits_mmio: 2, vmexits_virt_irq: 10 },
): FakeKernel {
  const files = sysfsOf([
    { id: 0, name: 'imx8mq', cpus: '0-1' },
    { id: 1, name: 'gic-demo', cpus: '2-3' },
  ]);
  for (const [name, value] of Object.entries(counters)) {
    files[`/sys/devices/jailhouse/cells/1/statistics/${name}`] = `${value}\n`;
    files[`/sys/devices/jailhouse/cells/1/statistics/cpu3/${name}`] = `${value - 1}\n`;
    files[`/sys/devices/jailhouse/cells/1/statistics/cpu2/${name}`] = '1\n';
    files[`/sys/devices/jailhouse/cells/0/statistics/${name}`] = '0\n';
  }
  return new FakeKernel(files);
}

describe('arguments', () => {
  const stats = (...args: string[]) => run(main, ['cell', 'stats', ...args], { kernel: kernelWith() });

  test.each([[[]], [['1', '2']], [['1', '2', '3']], [['--name']], [['--name', 'a', 'b']]])(
    '%j: usage',
    async (args) => {
      const { code, out, err } = await stats(...args);
      expect({ code, out, err }).toEqual({ code: 1, out: USAGE, err: '' });
    },
  );

  test.each([['-h'], ['--help']])('%s: usage, exit code 0', async (option) =>
    expect(await stats(option)).toMatchObject({ code: 0, out: USAGE }),
  );

  test.each([[['7']], [['-1']], [['99999999999']]])('%j: not found', async (args) => {
    const { code, out, err } = await stats(...args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toBe(`${NOT_FOUND}hint: there is no cell with id ${args[0]}; there are: 1 "gic-demo"\n`);
  });

  test.each([[['nobody']], [['--name', 'nobody']]])('%j: not found', async (args) => {
    const { err } = await stats(...args);
    expect(err).toBe(`${NOT_FOUND}hint: there is no cell named "nobody"; there are: 1 "gic-demo"\n`);
  });

  test.each([[['1']], [[' 1 ']], [['gic-demo']], [['--name', 'gic-demo']], [['+1']]])('%j: the cell', async (args) =>
    expect((await stats(...args)).out.split('\n')[0]).toBe('Statistics for gic-demo cell'),
  );
});

test('without a terminal, one table', async () => {
  const { code, out } = await run(main, ['cell', 'stats', '1'], { kernel: kernelWith() });
  expect(code).toBe(0);
  expect(out).toBe(`Statistics for gic-demo cell

COUNTER (All CPUs)                   SUM   PER SEC
vmexits_total                         12
vmexits_virt_irq                      10
vmexits_mmio                           2
`);
});

test('--json has sums and CPUs', async () => {
  const { out } = await run(main, ['cell', 'stats', 'gic-demo', '--json'], {
    kernel: kernelWith({ vmexits_total: 5 }),
  });
  expect(JSON.parse(out)).toEqual({
    id: 1,
    name: 'gic-demo',
    counters: { vmexits_total: 5 },
    cpus: { 2: { vmexits_total: 1 }, 3: { vmexits_total: 4 } },
  });
});

describe('order and rates', () => {
  const sample = (...entries: [string, number][]) => new Map(entries);

  test('first by value, then by name, without rates', () => {
    const rows = new CounterTable().sample(sample(['b', 5], ['a', 5], ['c', 9]), 0n);
    expect(rows).toEqual([
      { counter: 'c', value: 9, perSecond: undefined },
      { counter: 'a', value: 5, perSecond: undefined },
      { counter: 'b', value: 5, perSecond: undefined },
    ]);
  });

  test('later by increase, then by value, with rates by elapsed time', () => {
    const table = new CounterTable();
    table.sample(sample(['a', 100], ['b', 10], ['c', 20]), 0n);
    const rows = table.sample(sample(['a', 101], ['b', 21], ['c', 21]), 2_000_000_000n);
    expect(rows).toEqual([
      { counter: 'b', value: 21, perSecond: 6 },
      { counter: 'a', value: 101, perSecond: 1 },
      { counter: 'c', value: 21, perSecond: 1 },
    ]);
  });

  test('after a reset, as at first', () => {
    const table = new CounterTable();
    table.sample(sample(['a', 1]), 0n);
    table.reset();
    expect(table.sample(sample(['a', 2]), 1_000_000_000n)).toEqual([{ counter: 'a', value: 2, perSecond: undefined }]);
  });
});

/** A screen of 24 x 80 whose keys a test has typed beforehand. */
class TypedTerminal implements Terminal {
  readonly columns = 80;
  readonly screens: (readonly ScreenLine[])[] = [];
  readonly waits: number[] = [];
  closed = 0;

  constructor(
    private readonly keys: string[],
    readonly rows = 24,
    private readonly onKey: (index: number) => void = () => undefined,
  ) {}

  draw(lines: readonly ScreenLine[]): void {
    this.screens.push(lines);
  }

  async nextKey(waitMs: number): Promise<string> {
    this.onKey(this.waits.length);
    this.waits.push(waitMs);
    return this.keys.shift() ?? 'q';
  }

  close(): void {
    this.closed++;
  }

  text(index: number): string[] {
    return (this.screens[index] ?? []).map(({ text }) => text);
  }
}

describe('full screen', () => {
  const watch = (terminal: Terminal, kernel = kernelWith()) => run(main, ['cell', 'stats', '1'], { kernel, terminal });

  test('title, bar, counters and keys, the bars in reverse video', async () => {
    const terminal = new TypedTerminal(['q']);
    expect(await watch(terminal)).toMatchObject({ code: 0, out: '', err: '' });
    const [screen = []] = terminal.screens;
    expect(screen).toHaveLength(24);
    expect(screen[0]).toEqual({ text: 'Statistics for gic-demo cell' });
    expect(screen[2]).toEqual({ text: 'COUNTER (All CPUs)                   SUM   PER SEC', reverse: true });
    expect(screen[3]?.text.slice(0, 40)).toBe('vmexits_total                         12');
    expect(screen[23]).toEqual({ text: ' Q - Quit | C - Toggle CPU | A - All CPUs', reverse: true });
    expect(terminal.closed).toBe(1);
  });

  test('waits one second first, then four', async () => {
    const terminal = new TypedTerminal(['timeout', 'timeout', 'x', 'q']);
    await watch(terminal);
    expect(terminal.waits).toEqual([1000, 4000, 4000, 4000]);
    expect(terminal.text(0)[3]).not.toMatch(/0$/);
    expect(terminal.text(1)[3]).toMatch(/ 0$/);
  });

  test('c goes through the CPUs, a back to all of them; both start anew', async () => {
    const terminal = new TypedTerminal(['c', 'c', 'c', 'a', 'q']);
    await watch(terminal);
    expect(terminal.screens.map((_, index) => terminal.text(index)[2]?.slice(8, 18).trim())).toEqual([
      '(All CPUs)',
      '(CPU 2)',
      '(CPU 3)',
      '(CPU 2)',
      '(All CPUs)',
    ]);
    expect(terminal.waits).toEqual([1000, 1000, 1000, 1000, 1000]);
    expect(
      terminal
        .text(2)
        .slice(3, 6)
        .map((line) => line.trimEnd()),
    ).toEqual([
      'vmexits_total                         11',
      'vmexits_virt_irq                       9',
      'vmexits_mmio                           1',
    ]);
  });

  test.each(['Q', 'C', 'A', 'resize'])('%s only refreshes', async (key) => {
    const terminal = new TypedTerminal([key, 'q']);
    await watch(terminal);
    expect(terminal.screens).toHaveLength(2);
    expect(terminal.text(1)[2]).toContain('(All CPUs)');
  });

  test('Ctrl-C leaves in order', async () => {
    const terminal = new TypedTerminal(['interrupt']);
    expect((await watch(terminal)).code).toBe(0);
    expect(terminal.closed).toBe(1);
  });

  test('a cell that goes away ends it, with the terminal given back first', async () => {
    const kernel = kernelWith();
    const terminal = new TypedTerminal(['timeout'], 24, () => {
      for (const path of kernel.files.keys()) {
        if (path.startsWith('/sys/devices/jailhouse/cells/1/')) {
          kernel.files.delete(path);
        }
      }
    });
    const { code, err } = await watch(terminal, kernel);
    expect(code).toBe(1);
    expect(err.split('\n')[0]).toBe(NOT_FOUND.trim());
    expect(terminal.closed).toBe(1);
  });

  test('a screen that is too small shows what fits', async () => {
    const terminal = new TypedTerminal(['q'], 5);
    await watch(terminal);
    expect(terminal.text(0).map((line) => line.slice(0, 13))).toEqual([
      'Statistics fo',
      '',
      'COUNTER (All ',
      'vmexits_total',
      ' Q - Quit | C',
    ]);
  });

  test('without a cell, the terminal is not touched', async () => {
    const terminal = new TypedTerminal([]);
    expect((await run(main, ['cell', 'stats', '9'], { kernel: kernelWith(), terminal })).code).toBe(1);
    expect(terminal.screens).toHaveLength(0);
  });
});
