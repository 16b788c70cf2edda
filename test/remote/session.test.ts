import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { BoardProcesses } from '../support/board-processes';
import { SshServer, whyNoSsh } from '../support/ssh-server';
import type { Finished } from '../support/board-processes';

/** The commands, as a person on a laptop types them, through a real sshd to an emulated board behind the agent. */
jest.setTimeout(180_000);

const root = join(__dirname, '../..');
const file = (path: string) => join(root, path);

if (whyNoSsh !== undefined) {
  test.skip(`commands over SSH (skipped: ${whyNoSsh})`, () => undefined);
} else {
  const boards = new BoardProcesses();
  const server = new SshServer({
    CELLVISOR_BACKEND: 'emulated',
    CELLVISOR_BOARD: 'imx8mm-evk',
    CELLVISOR_RUNTIME_DIR: boards.path(),
  });
  beforeAll(() => server.start());
  afterAll(async () => {
    await boards.run('cellvisor', 'board', 'stop');
    await server.remove();
    await boards.remove();
  });

  const run = (command: string, ...args: string[]): Promise<Finished> =>
    new Promise((resolve) => {
      const program = join(root, 'dist/bin', `${command}.js`);
      execFile(
        process.execPath,
        [program, ...args],
        { env: server.clientEnv, cwd: server.folder },
        (error, out, err) => {
          resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, out, err });
        },
      );
    });
  const jailhouse = (...args: string[]) => run('jailhouse', '--host', 'board', ...args);
  const silence = { code: 0, out: '', err: '' };

  describe('jailhouse --host', () => {
    test('a whole session', async () => {
      expect(await jailhouse('enable', file('cells/imx8mm.cell'))).toEqual(silence);
      expect(await jailhouse('cell', 'create', file('cells/imx8mm-ivshmem-demo.cell'))).toEqual(silence);
      expect(await jailhouse('cell', 'load', 'ivshmem-demo', file('inmates/ivshmem-demo.bin'))).toEqual(silence);
      expect(await jailhouse('cell', 'start', 'ivshmem-demo')).toEqual(silence);
      const { out } = await jailhouse('cell', 'list');
      expect(out).toMatch(/^1 +ivshmem-demo +running +3/m);
    });

    test('says what a board says of itself', async () => {
      const asked = [jailhouse('console'), jailhouse('cell', 'stats', 'ivshmem-demo'), jailhouse('hardware', 'check')];
      const [console, stats, check] = await Promise.all(asked);
      expect(console?.out).toMatch(/^Created cell "ivshmem-demo"$/m);
      expect(stats?.out).toMatch(/vmexits_total/);
      expect(check?.out).toMatch(/Check passed!/);
    });

    test('explains a refusal, by the copy of the config that is kept on the board', async () => {
      const { code, err } = await jailhouse('cell', 'create', file('cells/imx8mm-ivshmem-demo.cell'));
      expect(code).toBe(1);
      expect(err).toMatch(/^JAILHOUSE_CELL_CREATE: File exists\nhint: /);
      const shown = await run('cellvisor', '--host', 'board', 'config', 'show', '--running', 'ivshmem-demo');
      expect(shown.err).toMatch(/our own copy/);
      expect(shown.out).toMatch(/ivshmem-demo/);
    });

    test('uio_read and uio_send', async () => {
      const reading = run('uio_read', '--host', 'board', '/dev/uio0', '2');
      const sent = await run('uio_send', '--host=board', '--interval', '100ms', '/dev/uio0', '30', '0', '0');
      expect(sent.out).toMatch(/^\[UIO\] ping #29$/m);
      const { code, out, err } = await reading;
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/\[UIO\] buf is \d+, len 4\n\[UIO\] buf is \d+, len 4\n\[UIO\] Exiting/);
    });

    test('doctor, and what is said by the environment', async () => {
      server.clientEnv['CELLVISOR_HOST'] = 'board';
      expect((await run('cellvisor', 'doctor')).out).toMatch(/ok +.*EL2|hypervisor/i);
      expect((await run('jailhouse', 'cell', 'list')).out).toMatch(/ivshmem-demo/);
      server.clientEnv['CELLVISOR_HOST'] = undefined;
    });

    test('destroyed and disabled', async () => {
      expect(await jailhouse('cell', 'destroy', 'ivshmem-demo')).toEqual(silence);
      expect(await jailhouse('disable')).toEqual(silence);
    });
  });

  describe('what goes wrong is one line and a hint', () => {
    test.each([
      ['no such host', 'no-such-host.invalid', 'ssh knows no host of that name', /HostName/],
      ['a key that is not let in', 'stranger', 'it does not let you in', /ssh-copy-id stranger/],
      ['a host key that nobody has seen', 'unknown', 'ssh does not know its key yet', /ssh unknown/],
      ['no cellvisor there', 'board:/nowhere/cellvisor', 'there is no /nowhere/cellvisor', /ls -l/],
    ])('%s', async (_, host, reason, hint) => {
      const { code, out, err } = await run('jailhouse', '--host', host, 'cell', 'list');
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err.split('\n')[0]).toBe(`${host}: ${reason}`);
      expect(err).toMatch(hint);
      expect(err.split('\n')).toHaveLength(3);
    });

    test('an option in place of a host', async () => {
      const { code, err } = await run('jailhouse', '--host', '-oProxyCommand=false', 'cell', 'list');
      expect({ code, first: err.split('\n')[0] }).toEqual({ code: 1, first: "'-oProxyCommand=false' is not a host" });
    });

    test('commands about this machine', async () => {
      const { code, err } = await run('cellvisor', '--host', 'board', 'board', 'list');
      expect({ code, first: err.split('\n')[0] }).toEqual({
        code: 2,
        first: "'cellvisor board' is about this machine: --host is not for it",
      });
    });
  });
}
