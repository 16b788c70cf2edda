import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBoards, openKernel } from '../../../../src/kernel/choose';
import { readHosts, usualHostsFile } from '../../../../src/kernel/remote/hosts-file';

const folder = mkdtempSync(join(tmpdir(), 'cellvisor-hosts-'));
const path = join(folder, 'hosts');
const { PATH } = process.env;
beforeAll(() => (process.env['XDG_CONFIG_HOME'] = folder));
afterEach(() => (process.env['PATH'] = PATH));
afterAll(() => {
  delete process.env['XDG_CONFIG_HOME'];
  rmSync(folder, { recursive: true });
});

function hostsFile(text: string): string {
  writeFileSync(path, text);
  return path;
}

describe('the hosts file', () => {
  test('one host a line, and comments', () =>
    expect(readHosts(hostsFile('# lab\nroot@a\n\n  b # the spare one\nssh://c:2222\n'))).toEqual([
      'root@a',
      'b',
      'ssh://c:2222',
    ]));

  test.each([
    ['nothing in it', '# none\n', 'E_HOSTS_FILE'],
    ['one twice', 'a\nb\na\n', 'E_HOSTS_FILE'],
    ['no host', 'a\n-oProxyCommand=x\n', 'E_HOST'],
  ])('%s', (_, text, code) => expect(() => readHosts(hostsFile(text))).toThrow(expect.objectContaining({ code })));

  test('a missing one', () => {
    expect(() => readHosts(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'E_HOSTS_FILE' }));
    expect(readHosts(join(folder, 'none'), { mayBeMissing: true })).toEqual([]);
  });

  test('its usual place', () => {
    expect(usualHostsFile({ XDG_CONFIG_HOME: '/x' })).toBe('/x/cellvisor/hosts');
    expect(usualHostsFile({})).toMatch(/\/\.config\/cellvisor\/hosts$/);
  });
});

describe('boards', () => {
  test('without hosts: the one of this machine, without a link', async () => {
    const boards = await openBoards({ backend: 'hardware' });
    expect(boards.map(({ name, link }) => ({ name, link }))).toEqual([{ name: 'this board', link: undefined }]);
    const [emulated] = await openBoards({ backend: 'emulated', board: 'imx8mq-evk' });
    expect(emulated).toMatchObject({ name: 'imx8mq-evk', kernel: { backend: 'emulated' } });
  });

  test('of hosts, one that is not reached does not hold up anybody', async () => {
    process.env['PATH'] = folder; // There is no ssh.
    const boards = await openBoards({ hosts: ['root@a', 'b'] });
    expect(boards.map(({ name }) => name)).toEqual(['root@a', 'b']);
    for (const { name, kernel, link } of boards) {
      await expect(kernel.readFile('/x')).rejects.toMatchObject({
        code: 'E_LINK',
        message: `${name}: there is no ssh here`,
      });
      expect(link?.state).toMatchObject({ kind: 'lost', reason: 'there is no ssh here' });
      await kernel.close();
    }
  });

  test('of a hosts file', async () => {
    process.env['PATH'] = folder;
    const boards = await openBoards({ hostsFile: hostsFile('a\nb\n') });
    expect(boards.map(({ name }) => name)).toEqual(['a', 'b']);
    await Promise.all(boards.map(({ kernel }) => kernel.close()));
  });

  test('one host for a command is reached, or it fails', async () => {
    process.env['PATH'] = folder;
    await expect(openKernel({ host: 'root@a' })).rejects.toMatchObject({
      code: 'E_LINK',
      hint: expect.stringMatching(/PATH/),
    });
  });
});
