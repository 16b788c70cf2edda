import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeCellId, decodeCellLoad, decodePreloadImage } from '../../../../src/abi/jailhouse/ioctls';
import { main } from '../../../../src/cli/jailhouse/main';
import { cellFile, systemFile } from '../../../support/configs';
import { FakeKernel } from '../../../support/fake-kernel';
import { run } from '../../../support/command';
import type { IoctlArgument } from '../../../../src/kernel/kernel';

const folder = mkdtempSync(join(tmpdir(), 'cellvisor-requests-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const system = file('system.cell', systemFile());
const cell = file('cell.cell', cellFile());
const image = file('image.bin', 'code');
const empty = file('empty.bin', '');

/** Runs a command against a driver that grants everything, and returns the one request it made. */
async function request(args: readonly string[]): Promise<{ request: number; argument: IoctlArgument | undefined }> {
  const kernel = new FakeKernel({}, { '/dev/jailhouse': { ioctl: () => 0 } });
  expect(await run(main, args, { kernel })).toEqual({ code: 0, out: '', err: '', openedKernel: true });
  expect(kernel.opened).toEqual([{ path: '/dev/jailhouse', access: 'read-write' }]);
  expect(kernel.openFiles).toBe(0);
  expect(kernel.requests).toHaveLength(1);
  return kernel.requests[0] as { request: number; argument: IoctlArgument | undefined };
}

test('enable passes the whole config', async () => {
  const { request: number, argument } = await request(['enable', system]);
  expect(number).toBe(0x40080000);
  expect(Buffer.from(argument?.bytes ?? []).subarray(0, systemFile().length)).toEqual(Buffer.from(systemFile()));
});

test('enable passes at least as many bytes as the header announces, also when the file is cut', async () => {
  const whole = systemFile();
  const { argument } = await request(['enable', file('cut.cell', whole.subarray(0, whole.length - 40))]);
  expect(argument?.bytes.length).toBeGreaterThanOrEqual(whole.length);
  expect([...(argument?.bytes.subarray(whole.length - 40, whole.length) ?? [])]).toEqual(Array(40).fill(0));
});

test.each([[['disable']], [['disable', 'anything', 'else']]])('%j has no argument', async (args) =>
  expect(await request(args)).toEqual({ request: 0x1, argument: undefined }),
);

test('cell create passes address and size of the file', async () => {
  const { request: number, argument } = await request(['cell', 'create', cell]);
  expect(number).toBe(0x40100002);
  expect(argument?.bytes.length).toBe(16);
  expect(new DataView(argument?.bytes.buffer ?? new ArrayBuffer(0)).getUint32(8, true)).toBe(cellFile().length);
  expect(argument?.references).toEqual([{ offset: 0, buffer: cellFile() }]);
});

test.each([
  ['start', 0x40280004],
  ['destroy', 0x40280005],
])('cell %s selects by id or by name', async (command, number) => {
  const byId = await request(['cell', command, '0x2']);
  expect(byId.request).toBe(number);
  expect(decodeCellId(byId.argument?.bytes ?? new Uint8Array())).toEqual({ id: 2, name: '' });
  const byName = await request(['cell', command, '--name', '2']);
  expect(decodeCellId(byName.argument?.bytes ?? new Uint8Array())).toEqual({ id: -1, name: '2' });
});

test('cell shutdown is a load without images', async () => {
  const { request: number, argument } = await request(['cell', 'shutdown', 'gic-demo']);
  expect(number).toBe(0x40300003);
  expect(argument?.bytes.length).toBe(48);
  expect(decodeCellLoad(argument?.bytes ?? new Uint8Array())).toEqual({
    id: -1,
    name: 'gic-demo',
    numPreloadImages: 0,
  });
});

async function loaded(...args: string[]): Promise<{ text: string; address: bigint }[]> {
  const { request: number, argument } = await request(['cell', 'load', '1', ...args]);
  expect(number).toBe(0x40300003);
  const bytes = argument?.bytes ?? new Uint8Array();
  return Array.from({ length: decodeCellLoad(bytes).numPreloadImages }, (_, index) => {
    const { size, targetAddress } = decodePreloadImage(bytes, index);
    const source = Buffer.from(argument?.references[index]?.buffer ?? []);
    expect(BigInt(source.length)).toBe(size);
    return { text: source.toString(), address: targetAddress };
  });
}

test('cell load takes files and strings, each with its address', async () => {
  expect(await loaded(image)).toEqual([{ text: 'code', address: 0n }]);
  expect(await loaded(image, '-a', '0x1000', image)).toEqual([
    { text: 'code', address: 0x1000n },
    { text: 'code', address: 0n },
  ]);
  expect(await loaded('-s', 'a b', '--address', '010', '--string', '', image)).toEqual([
    { text: 'a b\0', address: 8n },
    { text: '\0', address: 0n },
    { text: 'code', address: 0n },
  ]);
});

test('cell load passes the extremes of an address on', async () => {
  expect(await loaded(image, '-a', '0x7fffffffffffffff')).toMatchObject([{ address: 0x7fffffffffffffffn }]);
  expect(await loaded(image, '-a', '-1')).toMatchObject([{ address: 0xffffffffffffffffn }]);
});

test('an empty file is an image of no bytes', async () =>
  expect(await loaded(empty)).toEqual([{ text: '', address: 0n }]));

describe('files', () => {
  const noKernel = { openedKernel: false, out: '', code: 1 };

  test.each([[['enable', '/no/such']], [['cell', 'create', '/no/such']], [['cell', 'load', '1', '/no/such']]])(
    '%j says which one is missing, before the device is opened',
    async (args) =>
      expect(await run(main, args)).toEqual({ ...noKernel, err: 'opening /no/such: No such file or directory\n' }),
  );

  test('an option where an item must be is the name of a file', async () =>
    expect(await run(main, ['cell', 'load', '1', '-a'])).toEqual({
      ...noKernel,
      err: 'opening -a: No such file or directory\n',
    }));

  test('a folder cannot be read', async () =>
    expect(await run(main, ['enable', folder])).toEqual({ ...noKernel, err: `reading ${folder}: Is a directory\n` }));
});
