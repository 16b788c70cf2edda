/** `jailhouse cell linux` with a kernel of Debian, unchanged, on every board. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BoardProcesses } from '../support/board-processes';
import { describeUnless } from '../support/device-trees';
import { kernelPath, makeInitrd, noLinux, UP } from '../support/linux';
import type { ChildProcess } from 'node:child_process';
import type { BoardStatus } from '../../src/wire/control';

jest.setTimeout(120_000);

const root = join(__dirname, '../..');

const cellFile = (name: string) => join(root, 'cells', `${name}.cell`);

/** `pci`: what Linux finds on the hypervisor's virtual bus. */
const BOARDS = [
  { type: 'imx8mm-evk', soc: 'imx8mm', uart: 'uart4', pci: ['0000:00:00.0 1af4:1110'] },
  { type: 'imx8mq-evk', soc: 'imx8mq', uart: 'uart2', pci: ['0000:00:00.0 1af4:1110'] },
  { type: 'imx8qm-mek', soc: 'imx8qm', uart: 'lpuart2', pci: ['0000:00:00.0 1af4:1110'] },
  { type: 'imx8qxp-mek', soc: 'imx8qxp', uart: 'lpuart2', pci: ['0000:00:00.0 1af4:1110'] },
  {
    type: 'qemu-arm64',
    soc: 'qemu-arm64',
    system: 'qemu-arm64',
    release: 'upstream-master',
    uart: 'uart0',
    pci: ['0001:00:00.0 110a:4106', '0001:00:01.0 110a:4106'],
  },
];

describeUnless(noLinux, 'a kernel of Debian in a cell', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellvisor-linux-'));
  const initrd = join(folder, 'initrd');
  const boards = new BoardProcesses();
  beforeAll(() => writeFileSync(initrd, makeInitrd()));
  afterAll(async () => {
    await boards.remove();
    rmSync(folder, { recursive: true });
  });

  test.each(BOARDS)('$type', async ({ type, soc, system = `${soc}-veth`, release = 'nxp-v0.10', uart, pci }) => {
    boards.env['CELLVISOR_BOARD'] = type;
    const succeed = async (command: string, ...args: string[]) => {
      const { code, out, err } = await boards.run(command, ...args);
      expect({ args, code, err }).toEqual({ args, code: 0, err: '' });
      return out;
    };
    await succeed('cellvisor', 'board', 'start', '--release', release);
    await succeed('jailhouse', 'enable', cellFile(system));
    expect(await succeed('jailhouse', 'cell', 'linux', cellFile(`${soc}-linux-demo`), kernelPath, '-i', initrd)).toBe(
      '',
    );

    const log = boards.start('cellvisor', ['board', 'log', uart, '-f']);
    const [, machine, cpus, model] = await matched(log, UP);
    expect({ machine, cpus }).toEqual({ machine: 'aarch64', cpus: '2' });
    expect(model).toMatch(/^Jailhouse cell \S*linux\S* on /);

    // The shell answers: Linux gets the UART's interrupts. And it has found the hypervisor's virtual PCI devices.
    const { uarts } = JSON.parse(await succeed('cellvisor', 'board', 'status', '--json')) as BoardStatus;
    const found = matched(log, /FOUND((?: \S+ 0x\w{4}:0x\w{4},)*) END/);
    const words =
      'echo FOUND $(for d in /sys/bus/pci/devices/*; do echo ${d##*/} $(cat $d/vendor):$(cat $d/device),; done) END';
    writeFileSync(
      uarts.find(({ name }) => name === uart)?.terminal ?? '',
      `${words.replaceAll('$(cat', '$(busybox cat')}\n`,
    );
    expect((await found)[1]?.replaceAll('0x', '')).toBe(pci.map((device) => ` ${device},`).join(''));
    log.kill();
    await succeed('jailhouse', 'cell', 'destroy', '1');
    await succeed('cellvisor', 'board', 'stop');
  });

  test('cellvisor try boots it as well, and with a virtual clock the same way every time, byte for byte', async () => {
    const boot = () =>
      boards.run(
        ...([
          'cellvisor',
          'try',
          '--root',
          cellFile('imx8mm-veth'),
          cellFile('imx8mm-linux-demo'),
          kernelPath,
        ] as const),
        ...['--initrd', initrd, '--expect', 'CELL-UP', '--timeout', '60s', '--clock', 'virtual'],
      );
    const first = await boot();
    expect(first).toMatchObject({ code: 0, err: '', out: expect.stringMatching(UP) });
    expect(await boot()).toEqual(first);
  });
});

/** What a process prints, until it matches. */
function matched(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let all = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      all += chunk.toString();
      const match = pattern.exec(all);
      if (match) resolve(match);
    });
    child.once('exit', () => reject(new Error(`it ended, and had printed: ${all}`)));
  });
}
