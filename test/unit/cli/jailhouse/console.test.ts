import { main } from '../../../../src/cli/jailhouse/main';
import { FakeKernel } from '../../../support/fake-kernel';
import { run } from '../../../support/command';
import type { FakeDevice } from '../../../support/fake-kernel';

function consoleOf(reads: FakeDevice['reads']): FakeKernel {
  return new FakeKernel({}, { '/dev/jailhouse': { reads: reads ?? [] } });
}

test('prints what there is, as bytes, and ends', async () => {
  const kernel = consoleOf(['<missed 12 bytes of console log>\n', Uint8Array.of(0xc3), Uint8Array.of(0xa9, 10), '']);
  expect(await run(main, ['console'], { kernel })).toMatchObject({
    code: 0,
    out: '<missed 12 bytes of console log>\né\n',
    err: '',
  });
  expect(kernel.opened).toEqual([{ path: '/dev/jailhouse', access: 'read-write', nonBlocking: true }]);
  expect(kernel.openFiles).toBe(0);
});

test('reads at most 128 bytes at a time', async () => {
  const { out } = await run(main, ['console'], { kernel: consoleOf(['x'.repeat(300), '']) });
  expect(out).toBe('x'.repeat(128));
});

test.each([[['-f']], [['--follow']]])('%j blocks', async (args) => {
  const kernel = consoleOf(['text\n', 'EINTR']);
  const { code, out, err } = await run(main, ['console', ...args], { kernel });
  expect({ code, out, err }).toEqual({ code: 1, out: 'text\n', err: 'read(console): Interrupted system call\n' });
  expect(kernel.opened[0]).toMatchObject({ nonBlocking: false });
});

test('two arguments and more are ignored', async () => {
  const kernel = consoleOf(['text\n', '']);
  expect(await run(main, ['console', '-f', 'x'], { kernel })).toMatchObject({ code: 0, out: 'text\n' });
  expect(kernel.opened[0]).toMatchObject({ nonBlocking: true });
});

test.each([
  [
    'EPERM',
    'read(console): Operation not permitted\nhint: the system config has no virtual console (flag SYS_VIRTUAL_DEBUG_CONSOLE); the hypervisor only writes to its UART\n',
  ],
  [
    'EAGAIN',
    'read(console): Resource temporarily unavailable\nhint: the hypervisor has not run since its driver was loaded; enable it first: jailhouse enable SYSCONFIG\n',
  ],
])('%s is explained', async (errno, err) =>
  expect(await run(main, ['console'], { kernel: consoleOf([errno]) })).toMatchObject({ code: 1, out: '', err }),
);

test('a missing device is named', async () =>
  expect(await run(main, ['console'], { kernel: new FakeKernel() })).toMatchObject({
    code: 1,
    err: 'opening /dev/jailhouse: No such file or directory\n',
  }));
