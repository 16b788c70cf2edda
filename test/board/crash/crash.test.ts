/** A cell that does what it may not, on a board of its own, and what the commands say of it. */
import { BoardProcesses } from '../../support/board-processes';

let boards: BoardProcesses;

beforeAll(async () => {
  boards = new BoardProcesses();
  expect(await jailhouse('enable', 'cells/imx8mm.cell')).toMatchObject({ code: 0, err: '' });
  expect(await jailhouse('cell', 'create', 'cells/imx8mm-fault-demo.cell')).toMatchObject({ code: 0, err: '' });
}, 30_000);
afterAll(async () => {
  await boards.run('cellvisor', 'board', 'stop');
  await boards.remove();
});

const jailhouse = (...args: string[]) => boards.run('jailhouse', ...args);
const cellvisor = (...args: string[]) => boards.run('cellvisor', ...args);

async function crash(kind: string): Promise<void> {
  const load = ['cell', 'load', 'fault-demo', 'inmates/fault-demo.bin', '-s', `kind=${kind}`, '-a', '0x1000'];
  expect(await jailhouse(...load)).toMatchObject({ code: 0, err: '' });
  expect(await jailhouse('cell', 'start', 'fault-demo')).toMatchObject({ code: 0, err: '' });
  for (;;) {
    const { out } = await jailhouse('cell', 'list', '--json');
    if ((JSON.parse(out) as { state: string }[])[1]?.state === 'failed') return;
  }
}

test.each([
  ['write', 'it wrote 4 bytes to 0x12345678', /instruction +str w\d+, \[x\d+\]/],
  ['read', 'it read 4 bytes at 0x12345678', /owner +physical 0x12345678 is in mem_regions\[0\] of the root cell/],
  ['exec', 'it jumped to 0x12345678', /trap +instruction abort in the guest/],
  ['hvc', 'it executed HVC #0x0', /instruction +hvc #0x0 \(at 0x[0-9a-f]+, just before pc\)/],
  ['undefined-smc', 'it called firmware function 0x95c1ba60', /instruction +smc #0x0/],
])(
  'kind=%s',
  async (kind, title, fact) => {
    await crash(kind);
    const { code, out, err } = await cellvisor('explain', '--live', '--image', 'inmates/fault-demo.bin');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(new RegExp(`^CPU 3 of cell "fault-demo" was parked: ${title.replace(/[()#]/g, '\\$&')}  \\[`));
    expect(out).toMatch(fact);
    expect(out).toContain("config       cell 'fault-demo' by our own copy, kept when it was created");
  },
  30_000,
);

test('what runs, by the copy of it, until it is destroyed', async () => {
  const shown = await cellvisor('config', 'show', '--running', 'fault-demo', '--json');
  expect(shown.code).toBe(0);
  expect(shown.err).toMatch(/cells\/1\.cell is our own copy, kept when the cell was created/);
  expect(shown.out).toContain('"fault-demo"');
  expect((await cellvisor('config', 'show', '--running', '0')).out).toMatch(
    /^running cell "imx8mm" \(id 0\), our copy: /,
  );

  const load = await jailhouse('cell', 'load', '1', 'inmates/fault-demo.bin', '-a', '0xf000');
  expect(load.err).toMatch(/ends \d+ bytes behind memory region 1 \(0x0-0xffff\) \(by .*\/cells\/1\.cell\)/);

  expect(await jailhouse('cell', 'destroy', 'fault-demo')).toMatchObject({ code: 0, err: '' });
  expect(await cellvisor('config', 'show', '--running', 'fault-demo')).toMatchObject({
    code: 1,
    err: expect.stringContaining('there is no cell "fault-demo"'),
  });
}, 30_000);
