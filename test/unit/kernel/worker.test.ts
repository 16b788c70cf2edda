import { callLibc } from '../../../src/kernel/hardware/libc';
import { loadFfi, loadIoctl, loadRef } from '../../../src/kernel/hardware/packages';

jest.mock('node:worker_threads', () => ({ isMainThread: false }));

test('in a worker thread, no package is loaded', () => {
  expect([loadIoctl(), loadRef(), loadFfi()]).toEqual([undefined, undefined, undefined]);
});

test('what needs ffi-napi says that it cannot be used there', () => {
  expect(() => callLibc('mlockall', () => 0)).toThrow(
    expect.objectContaining({ code: 'E_FFI', hint: 'it cannot be used in a worker thread' }),
  );
});
