import { constants } from 'node:os';
import { errnoName, errnoNumber, isErrnoName, strerror } from '../../src/errno';
import { CellvisorError, ConfigError, KernelError } from '../../src/errors';

describe('errno table', () => {
  test('agrees with the numbers of this machine', () => {
    for (const [name, number] of Object.entries(constants.errno)) {
      if (isErrnoName(name)) {
        expect([name, errnoNumber(name)]).toEqual([name, number]);
      }
    }
  });

  test('goes from number to name and to the text of glibc', () => {
    expect(errnoName(22)).toBe('EINVAL');
    expect(errnoName(-16)).toBe('EBUSY');
    expect(errnoName(4095)).toBeUndefined();
    expect(strerror('ENOENT')).toBe('No such file or directory');
    expect(strerror(-22)).toBe('Invalid argument');
    expect(strerror(0)).toBe('Success');
    expect(strerror(4095)).toBe('Unknown error 4095');
    expect(isErrnoName('EFROG')).toBe(false);
  });
});

describe('error family', () => {
  test('a kernel error carries the errno and the text of strerror', () => {
    const error = new KernelError('JAILHOUSE_CELL_CREATE', 'EEXIST', { hint: 'destroy the other cell first' });
    expect(error).toBeInstanceOf(CellvisorError);
    expect(error.message).toBe('JAILHOUSE_CELL_CREATE: File exists');
    expect(error).toMatchObject({
      name: 'KernelError',
      code: 'E_KERNEL',
      errno: 'EEXIST',
      errnoNumber: 17,
      hint: 'destroy the other cell first',
    });
  });

  test('an errno without a name keeps its number', () => {
    const error = new KernelError('read', -4095);
    expect(error.errno).toBeUndefined();
    expect(error.errnoNumber).toBe(4095);
  });

  test('a config error names field and offset, and keeps its cause', () => {
    const cause = new Error('below');
    const error = new ConfigError('bad', {
      code: 'E_CONFIG_VALUE',
      operation: 'test',
      field: 'name',
      offset: 8,
      cause,
    });
    expect(error).toMatchObject({ name: 'ConfigError', field: 'name', offset: 8, cause });
  });
});
