import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithQemu, Workbench } from './qemu';

jest.setTimeout(60_000);

describeWithQemu('inmate library on QEMU', () => {
  let workbench: Workbench;
  beforeAll(() => {
    workbench = new Workbench();
  });
  afterAll(() => workbench.dispose());

  test('formats, parses its command line, and reports an exception', async () => {
    const cell = {
      inmate: workbench.build('library-check'),
      cmdline: 'int=-42  hex=0x1fF minus=+7 bad=12x octal=010 bare yes=TRUE no=0 name=truncated',
    };
    const text = await workbench.boot(cell, /shim: .*\n/);
    expect(text.split('\n').slice(0, 10)).toEqual([
      'variables 7 0',
      'widths [    42] [001f] [12345] [0000abcd] [   ab] [-0042]',
      'unknown [%y] [%-3d] [%]',
      'values -1 4294967295 18446744073709551615 beef c text % 0x00000000bfd00000',
      'limits -9223372036854775808 -2147483648',
      'int -42 hex 511 minus 7 bad -7 octal 10 missing -7',
      'bool 1 1 0 1 1',
      'string 1 <truncat> 0',
      // One tick of 62.5 MHz, in the rounding of the reference 13.1: ceil(1000 / 62) - 1
      'tick 0 16 999',
      'undefined instruction follows',
    ]);
    expect(text).toMatch(/Inmate exception: esr 0x02000000 far 0x\w{16} elr 0x\w{16} \(synchronous, undefined instr/);
    expect(text).toContain(' x7 0x0000000000000777');
    expect(text).toMatch(/CPU 0 of the inmate has stopped\nshim: asleep for good, cell state 3 /);
  });

  test('finds its variables as they were when it is started a second time', async () => {
    const text = await workbench.boot({ inmate: workbench.build('restart') }, /shim: .*\n/);
    expect(text.split('shim: ')[0]).toBe('variables 7 0\nvariables 7 0\nsecond run\n');
  });

  test("the README's inmate builds and runs", async () => {
    const readme = readFileSync(join(__dirname, '../../../inmates/README.md'), 'utf8');
    const source = /```c\n(.*?)```/s.exec(readme)?.[1] ?? '';
    const text = await workbench.boot({ inmate: workbench.build('beats', source) }, /1 seconds.*\n/);
    expect(text).toBe('1 seconds in this cell\n');
  });
});
