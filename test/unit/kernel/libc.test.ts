import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCpuList } from '../../../src/jailhouse/sysfs';
import { callLibc } from '../../../src/kernel/hardware/libc';
import { loadModule, unloadModule } from '../../../src/kernel/hardware/modules';
import { bindToCpu } from '../../../src/kernel/hardware/realtime';
import { CellvisorError, KernelError } from '../../../src/errors';

/** `0-1`, `3`: what this process may run on. */
const allowedCpus = () => /Cpus_allowed_list:\s+(\S+)/.exec(readFileSync('/proc/thread-self/status', 'utf8'))?.[1];

test('binds the thread to a CPU, and says which ones do not exist', () => {
  const before = allowedCpus() ?? '';
  const first = Number(/^\d+/.exec(before)?.[0]);
  bindToCpu(first);
  expect(allowedCpus()).toBe(`${first}`);
  const mask = Buffer.alloc(128);
  for (const cpu of parseCpuList(before)) mask[cpu >> 3] = (mask[cpu >> 3] ?? 0) | (1 << (cpu & 7));
  callLibc('sched_setaffinity', (libc) => libc.sched_setaffinity(0, mask.length, mask));
  expect(allowedCpus()).toBe(before);
  expect(() => bindToCpu(1023)).toThrow(expect.objectContaining({ errno: 'EINVAL' }));
  for (const cpu of [-1, 1024, 0.5, NaN]) expect(() => bindToCpu(cpu)).toThrow(CellvisorError);
});

test('a call that fails gives its errno', () => {
  expect(() => callLibc('mlockall', (libc) => libc.mlockall(0x4000_0000))).toThrow(
    expect.objectContaining({ operation: 'mlockall', errno: 'EINVAL' }),
  );
});

describe('kernel modules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellvisor-module-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  /** Without the right to, or on a kernel without modules, that is all that can be found out. */
  const refusals = ['EPERM', 'ENOSYS'];

  test('a file that is none is refused', () => {
    const path = join(folder, 'none.ko');
    writeFileSync(path, 'no module');
    expect(errnoOf(() => loadModule(path, ['debug=1']))).toMatch(RegExp(`^(${[...refusals, 'ENOEXEC'].join('|')})$`));
    expect(() => loadModule(join(folder, 'missing.ko'), [])).toThrow(expect.objectContaining({ errno: 'ENOENT' }));
  });

  test('one that is not loaded cannot be unloaded', () => {
    expect(errnoOf(() => unloadModule('cellvisor_none'))).toMatch(RegExp(`^(${[...refusals, 'ENOENT'].join('|')})$`));
  });
});

function errnoOf(call: () => void): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return error.errno;
  }
}
