import { main } from '../../../../src/cli/jailhouse/main';
import { FakeKernel, sysfsOf } from '../../../support/fake-kernel';
import { run } from '../../../support/command';

const HEADER = 'ID      Name                    State             Assigned CPUs           Failed CPUs             \n';
const list = (files: Record<string, string>, ...args: string[]) =>
  run(main, ['cell', 'list', ...args], { kernel: new FakeKernel(files) });

test('cells in the order of their ids as text, padded to 98 columns', async () => {
  const files = sysfsOf([
    { id: 0, name: 'imx8mq', cpus: '0-2' },
    { id: 2, name: 'second', cpus: '3', state: 'failed', failed: '3' },
    { id: 10, name: 'tenth', cpus: '', state: 'running/locked' },
    { id: 1, name: 'a-name-of-just-31-bytes-of-text', cpus: '1', state: 'Comm ABI mismatch' },
  ]);
  const { out, code } = await list(files);
  expect(code).toBe(0);
  expect(out).toBe(
    HEADER +
      '0       imx8mq                  running           0-2                                             \n' +
      '1       a-name-of-just-31-bytes-of-textComm ABI mismatch 1                                               \n' +
      '10      tenth                   running/locked                                                    \n' +
      '2       second                  failed            3                       3                       \n',
  );
});

test.each([
  ['no driver', {}],
  ['not enabled', sysfsOf([])],
])('%s: nothing, and exit code 0', async (_, files) =>
  expect(await list(files)).toEqual({ code: 0, out: '', err: '', openedKernel: true }),
);

test('another error than a missing folder is one', async () =>
  expect(await list({ '/sys/devices/jailhouse/cells': '!EACCES' })).toMatchObject({
    code: 1,
    err: 'scandir: Permission denied\n',
  }));

test('entries that start with a dot are not cells', async () => {
  const files = {
    ...sysfsOf([{ id: 0, name: 'root', cpus: '0' }]),
    '/sys/devices/jailhouse/cells/.hidden/name': 'x\n',
  };
  expect((await list(files)).out.split('\n')).toHaveLength(3);
});

test('a cell that vanishes meanwhile ends the list after those before it', async () => {
  const files = sysfsOf([
    { id: 0, name: 'root', cpus: '0' },
    { id: 1, name: 'gone', cpus: '1' },
  ]);
  delete files['/sys/devices/jailhouse/cells/1/state'];
  const { code, out, err } = await list(files);
  expect(code).toBe(1);
  expect(out.split('\n')[1]).toMatch(/^0 {7}root/);
  expect(err).toBe('opening /sys/devices/jailhouse/cells/1/state: No such file or directory\n');
});

test('an empty file is an error', async () => {
  const files = { ...sysfsOf([{ id: 0, name: 'root', cpus: '0' }]), '/sys/devices/jailhouse/cells/0/state': '' };
  const { code, out, err } = await list(files);
  expect({ code, out }).toEqual({ code: 1, out: HEADER });
  expect(err).toMatch(/^reading \/sys\/devices\/jailhouse\/cells\/0\/state: /);
});

test('--json', async () => {
  const { out } = await list(sysfsOf([{ id: 0, name: 'root', cpus: '0,2-3', failed: '2' }]), '--json');
  expect(JSON.parse(out)).toEqual([
    { id: 0, name: 'root', state: 'running', assignedCpus: [0, 2, 3], failedCpus: [2] },
  ]);
  expect(JSON.parse((await list({}, '--json')).out)).toEqual([]);
});

describe('formats that are ours', () => {
  const files = sysfsOf([
    { id: 0, name: 'root', cpus: '0,2-3', failed: '2' },
    { id: 2, name: 'demo', cpus: '1' },
  ]);

  test.each([
    [['-q'], '0\n2\n'],
    [['--quiet'], '0\n2\n'],
    [['--format', '{{.name}}: {{.assignedCpus}}'], 'root: 0,2,3\ndemo: 1\n'],
    [['--format={{.state}}'], 'running\nrunning\n'],
  ])('%j', async (args, out) => expect(await list(files, ...args)).toMatchObject({ code: 0, out }));

  test('json and table are what there is without --format', async () => {
    expect((await list(files, '--format', 'json')).out).toBe((await list(files, '--json')).out);
    expect((await list(files, '--format', 'table')).out).toBe((await list(files)).out);
    expect(await list(sysfsOf([]), '--format', 'table')).toMatchObject({ code: 0, out: '' });
  });

  test('a field that does not exist', async () =>
    expect(await list(files, '--format', '{{.x}}')).toMatchObject({
      code: 1,
      err: "--format {{.x}}: there is no field 'x'\nhint: the fields are id, name, state, assignedCpus, failedCpus\n",
    }));

  test.each([[['-q', '--json']], [['--format']], [['x']], [['-x']]])(
    '%j is answered as by the C tool',
    async (args) => {
      const { code, out, openedKernel } = await list(files, ...args);
      expect({ code, openedKernel }).toEqual({ code: 1, openedKernel: false });
      expect(out).toContain('Available commands:');
    },
  );
});
