import { PassThrough } from 'node:stream';
import { ArgumentsDone } from '../../../../../src/cli/xl/arguments';
import { TopScreen } from '../../../../../src/cli/xl/top/interactive';
import { parseDelay } from '../../../../../src/cli/xl/top/options';
import { top } from '../../../../../src/cli/xl/top/top';
import { KernelError } from '../../../../../src/errors';
import { run } from '../../../../support/command';
import { domainAt } from '../../../../support/domains';
import { FakeKernel } from '../../../../support/fake-kernel';
import { NOTHING_MORE, topSample } from './samples';
import type { Command } from '../../../../../src/cli/command';
import type { TopOptions } from '../../../../../src/cli/xl/top/options';
import type { TopSample } from '../../../../../src/cli/xl/top/sample';
import type { XenHost } from '../../../../../src/xen/host/xen-host';

/** As much of a host as is asked. A domain uses one second from list to list, and its second vCPU is offline. */
function fakeHost(): XenHost {
  let lists = 0;
  const hypervisor = {
    version: { number: async () => ({ major: 4, minor: 17 }), extra: async () => '.3' },
    host: {
      physInfo: async () => ({ cpuCount: 2, cpuKhz: 62_500, totalPages: 1000n, freePages: 100n, scrubPages: 50n }),
    },
    vcpus: {
      info: async (id: number, vcpu: number) => {
        if (id === 2) throw new KernelError('getvcpuinfo', 'ESRCH');
        return { online: vcpu === 0 ? 1 : 0, cpuTimeNs: 1_500_000_000n };
      },
    },
  };
  const domains = async () => [domainAt(1, { name: 'web', cpuTimeSeconds: ++lists, vcpuCount: 2 }), domainAt(2)];
  return { hypervisor, domains } as unknown as XenHost;
}

async function xlTop(line: string): Promise<{ code: number; out: string; err: string }> {
  const command: Command = async (args, io) => {
    try {
      return await top(args, { io, host: async () => fakeHost(), kernel: async () => new FakeKernel() });
    } catch (error) {
      if (error instanceof ArgumentsDone) return error.exitCode;
      throw error;
    }
  };
  const { code, out, err } = await run(command, line === '' ? [] : line.split(' '));
  return { code, out, err };
}

describe('batch', () => {
  test('a table a sample; CPU per cent from the second on', async () => {
    const { code, out } = await xlTop('-b -i 2 -d 0.01');
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.map((line) => line.trim().split(/\s+/)[0])).toEqual([
      'NAME',
      'web',
      'domain-2',
      'NAME',
      'web',
      'domain-2',
    ]);
    const percents = [1, 4].map((at) => Number(lines[at]?.trim().split(/\s+/)[3]));
    expect(percents[0]).toBe(0);
    expect(percents[1]).toBeGreaterThan(0);
  });

  test('vCPUs that are online; a domain that goes meanwhile has none', async () => {
    expect((await xlTop('-b -i 1 -v')).out.match(/VCPUs.*/g)).toEqual(['VCPUs(sec):   0:          1s']);
  });

  test('without a terminal it is a batch, too', async () => {
    expect((await xlTop('-i 1 -f')).out).toMatch(/^ +NAME .*\n +web .*\n +domain-2 .*\n$/);
  });

  test.each([
    ['-d 0', "-d takes seconds, more than 0, not '0'\n"],
    ['-d x', "-d takes seconds, more than 0, not 'x'\n"],
    ['-i 0', "-i takes a number from 1 on, not '0'\n"],
    ['-i 1.5', "-i takes a number from 1 on, not '1.5'\n"],
    ['-Q', "option `Q' not supported.\n"],
  ])('%s is refused', async (line, err) => expect(await xlTop(line)).toEqual({ code: 2, out: '', err }));
});

test.each([
  ['3', 3],
  ['0.5', 0.5],
  ['.5', 0.5],
  ['', undefined],
  ['0', undefined],
  ['1e3', undefined],
  ['99999999', undefined],
])('a delay of %j is %p', (text, seconds) => expect(parseDelay(text)).toBe(seconds));

describe('on a terminal', () => {
  const screens: TopScreen[] = [];
  afterEach(() => screens.splice(0).forEach((screen) => screen.close()));

  /** @param answers one a sample; the last one is repeated */
  function open(answers: (TopSample | KernelError)[], options: Partial<TopOptions> = {}, columns = 100) {
    const input = Object.assign(new PassThrough(), { isRaw: false, setRawMode: () => undefined });
    const output = Object.assign(new PassThrough(), { columns, rows: 12, isTTY: true });
    output.resume();
    const asked: boolean[] = [];
    let sampled: () => void = () => undefined;
    const sampler = {
      sample: async (wantsVcpus: boolean) => {
        asked.push(wantsVcpus);
        sampled();
        const answer = (answers.length > 1 ? answers.shift() : answers[0]) as TopSample | KernelError;
        if (answer instanceof KernelError) throw answer;
        return answer;
      },
    };
    const terminal = { input, output, terminal: 'vt100', isUtf8: true, wantsColours: true };
    const all = { isBatch: false, delaySeconds: 3600, iterations: undefined, shown: NOTHING_MORE, ...options };
    const screen = new TopScreen(sampler, all, terminal);
    screens.push(screen);
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    return {
      screen,
      asked,
      async press(keys: string): Promise<string> {
        input.write(keys);
        await settle();
        return screen.text().join('\n');
      },
      async shown(): Promise<string> {
        await settle();
        return screen.text().join('\n');
      },
      nextSample: () => new Promise<void>((resolve) => (sampled = resolve)),
    };
  }

  test('summary, table, keys', async () => {
    const lines = (await open([topSample()]).shown()).split('\n');
    expect(lines[0]).toBe('xl top - 12:34:56   Xen 4.17.3');
    expect(lines[3]).toMatch(/^ +NAME +STATE +CPU\(sec\)/);
    expect(lines[5]).toMatch(/^a-domain-w --b---/);
    expect(lines[11]).toBe('D 3600s  N networks  B vBDs  V VCPUs  R header  S sort: ID  Q quit');
  });

  test('keys show more, sort and scroll', async () => {
    const { press, shown } = open([topSample()]);
    await shown();
    expect(await press('n')).toContain('Net0 RX');
    expect(await press('nB')).toContain('VBD BlkBack 51712');
    expect(await press('s')).toContain('S sort: NAME');
    expect(await press('\x1b[C')).not.toContain('STATE');
    expect(await press('\x1b[D')).toContain('STATE');
    expect(await press('bss\x1b[B')).not.toMatch(/a-domain-w/);
    expect(await press('\x1b[A')).toMatch(/a-domain-w/);
  });

  test('vCPUs are asked for when they are shown', async () => {
    const { press, shown, asked, nextSample } = open([topSample()]);
    await shown();
    const sampled = nextSample();
    await press('v');
    await sampled;
    expect(asked).toEqual([false, true]);
    expect(await shown()).toContain('VCPUs(sec):   0:          8s');
  });

  test('another delay: typed, corrected, taken or not', async () => {
    const { press, shown } = open([topSample()]);
    await shown();
    expect(await press('d1x7\x7f.5')).toContain('Delay in seconds (now 3600): 1.5_');
    expect(await press('\r')).toContain('D 1.5s');
    expect(await press('d0\r')).toContain('D 1.5s');
    expect(await press('d9\x03')).toContain('D 1.5s');
  });

  test('a Xen that cannot be asked is told, and what was known stays', async () => {
    const answers = [topSample(), new KernelError('sysctl', 'EIO')];
    const { shown } = open(answers, { delaySeconds: 0.001 });
    let screen = '';
    while (!screen.includes('sysctl: Input/output error')) screen = await shown();
    expect(screen).toContain('Domain-0');
    answers.push(topSample());
    while (!screen.includes('3 domains')) screen = await shown();
  });

  test.each([['q'], ['Q'], ['\x03']])('%j leaves', async (key) => {
    const { press, screen } = open([topSample()]);
    await press(key);
    await screen.done;
  });

  test('after as many samples as were wanted it ends', async () => {
    const { screen, asked } = open([topSample()], { iterations: 2, delaySeconds: 0.001 });
    await screen.done;
    expect(asked).toHaveLength(2);
  });
});
