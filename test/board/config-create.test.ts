/** From a device tree to a running inmate, by the commands alone. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BoardProcesses } from '../support/board-processes';
import { describeUnless, deviceTreePath, noDeviceTrees } from '../support/device-trees';

jest.setTimeout(60_000);

const inmate = (name: string) => join(__dirname, `../../inmates/prebuilt/${name}.bin`);
const folder = mkdtempSync(join(tmpdir(), 'cellvisor-config-create-'));
const boards = new BoardProcesses();
afterAll(async () => {
  await boards.remove();
  rmSync(folder, { recursive: true });
});

async function succeed(command: string, ...args: string[]): Promise<string> {
  const { code, out, err } = await boards.run(command, ...args);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out;
}

/** The demos' UART and timer, the ivshmem device: what an inmate needs of its config. */
async function runDemos(out: string, soc: string): Promise<void> {
  const [root, cell] = [`${soc}.cell`, `${soc}-inmate-demo.cell`].map((name) => join(out, name)) as [string, string];
  const options = ['--root', root, cell, '--clock', 'virtual'];
  expect(await succeed('cellvisor', 'try', ...options, inmate('gic-demo'), '--expect', 'Timer fired')).toContain(
    'Timer fired',
  );
  await succeed(
    'cellvisor',
    'try',
    ...options,
    inmate('ivshmem-demo'),
    '--expect',
    'mapped shmem and bars, got position 0x0000000000000001',
  );
}

const files = (path: string) => readdirSync(path).sort();

describeUnless(noDeviceTrees, 'configs made of device trees of Debian’s kernel', () => {
  test.each(['imx8mm-evk', 'imx8mq-evk', 'imx8qm-mek', 'imx8qxp-mek'])('%s runs the demos', async (board) => {
    const out = join(folder, board);
    await succeed('jailhouse', 'config', 'create', '--dtb', deviceTreePath(`freescale/${board}.dtb`), '-o', out);
    await runDemos(out, board.split('-', 1)[0] as string);
  });

  test('the example of docs/config-create.md', async () => {
    const [call = '', words = ''] =
      /^\$ jailhouse (config create .*)$/m.exec(readFileSync(join(__dirname, '../../docs/config-create.md'), 'utf8')) ??
      [];
    const args = [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => (quoted ?? word) as string);
    expect(call).toContain('name=rt');
    const out = join(folder, 'out');
    const places: Record<string, string> = { out, 'imx8mm-evk.dtb': deviceTreePath('freescale/imx8mm-evk.dtb') };
    await succeed('jailhouse', ...args.map((arg) => places[arg] ?? arg));
    const cells = ['imx8mm.cell', 'imx8mm-rt.cell', 'imx8mm-linux.cell'].map((name) => join(out, name));
    await succeed('jailhouse', 'config', 'check', ...cells, '--against', 'imx8mm-evk');
    const options = ['--uart', 'uart4', '--clock', 'virtual', '--expect', 'Timer fired'];
    await succeed('cellvisor', 'try', '--root', ...cells.slice(0, 2), inmate('gic-demo'), ...options);
  });
});

test.each(['imx8mm-evk', 'imx8qm-mek'])(
  '%s: made on the board, which reserves the memory already, and of what was collected there',
  async (board) => {
    const live = join(folder, `${board}-live`);
    boards.env['CELLVISOR_BACKEND'] = 'emulated';
    boards.env['CELLVISOR_BOARD'] = board;
    await succeed('jailhouse', 'config', 'create', '-o', live);
    const archive = join(folder, `${board}.tar`);
    await succeed('jailhouse', 'config', 'collect', archive);
    await succeed('cellvisor', 'board', 'stop', board);

    const soc = board.split('-', 1)[0] as string;
    expect(files(live)).not.toContain(`${soc}-cells.dts`);
    await runDemos(live, soc);

    const collected = join(folder, `${board}-collected`);
    mkdirSync(collected);
    execFileSync('tar', ['-C', collected, '-xf', archive]);
    const again = join(folder, `${board}-again`);
    await succeed('jailhouse', 'config', 'create', '-r', collected, '-o', again);
    expect(files(again)).toEqual(files(live));
    for (const name of files(live)) {
      expect(readFileSync(join(again, name)).equals(readFileSync(join(live, name)))).toBe(true);
    }
  },
);
