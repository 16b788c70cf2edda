import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../../../src/cli/jailhouse/main';
import { run } from '../../../support/command';
import { FakeKernel } from '../../../support/fake-kernel';

const folder = mkdtempSync(join(tmpdir(), 'cellvisor-collect-'));
const archive = join(folder, 'board.tar');
afterEach(() => rmSync(archive, { force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

const env = { CELLVISOR_BACKEND: 'emulated' };
const collect = (kernel: FakeKernel, ...args: string[]) => run(main, ['config', 'collect', ...args], { kernel, env });
const listing = () => execFileSync('tar', ['-tf', archive], { encoding: 'utf8' }).trimEnd().split('\n');

const ARM64 = {
  '/proc/device-tree/model': 'Acme\0',
  '/proc/device-tree/cpus/cpu@0/device_type': 'cpu\0',
  '/proc/device-tree/cpus/name': 'cpus\0',
  '/proc/iomem': '40000000-bfffffff : System RAM\n',
  '/proc/cpuinfo': 'processor\t: 0\n',
  '/proc/cmdline': 'console=ttymxc1\n',
  '/sys/class/uio/uio0/name': 'uio_ivshmem\n',
  '/sys/class/uio/uio0/maps/map0/size': '0x1000\n',
};
const X86 = {
  ...Object.fromEntries(
    ['cpuinfo', 'iomem', 'cmdline', 'ioports'].map((name) => [`/proc/${name}`, `${name}: AuthenticAMD\n`]),
  ),
  '/sys/bus/pci/devices/0000:00:01.0/config': 'c',
  '/sys/bus/pci/devices/0000:00:01.0/resource': 'r',
  '/sys/devices/system/cpu/cpu0/uevent': 'u',
  '/sys/devices/system/cpu/cpufreq/uevent': 'u',
  '/sys/firmware/acpi/tables/APIC': 'a',
  '/sys/firmware/acpi/tables/MCFG': 'm',
  '/sys/firmware/acpi/tables/IVRS': 'i',
};

test('an arm64 board: what its configs are made of, and its device tree as one file', async () => {
  expect(await collect(new FakeKernel(ARM64), archive)).toMatchObject({ code: 0, out: '', err: '' });
  expect(listing().filter((name) => !name.endsWith('/'))).toEqual([
    './proc/iomem',
    './proc/cpuinfo',
    './proc/cmdline',
    './sys/class/uio/uio0/name',
    './sys/class/uio/uio0/maps/map0/size',
    './device-tree.dtb',
  ]);
  const text = execFileSync('tar', ['-xOf', archive, './proc/iomem'], { encoding: 'utf8' });
  expect(text).toBe(ARM64['/proc/iomem']);
});

test('an x86 machine: what the C tool’s script collects', async () => {
  expect(await collect(new FakeKernel(X86), archive)).toMatchObject({ code: 0, out: '', err: '' });
  const all = listing();
  expect(all[0]).toBe('./');
  expect(all.filter((name) => !name.endsWith('/')).sort()).toEqual(
    Object.keys(X86)
      .map((path) => `.${path}`)
      .sort(),
  );
});

test.each([
  [{ ...X86, '/sys/firmware/acpi/tables/MCFG': undefined }, '/sys/firmware/acpi/tables/MCFG'],
  [{ ...X86, '/sys/bus/pci/devices/0000:00:01.0/config': undefined }, '/sys/bus/pci/devices/*/config'],
  [{ ...ARM64, '/proc/iomem': undefined }, '/proc/iomem'],
])('without a required file: the line of cp, exit code 1 and no archive', async (files, path) => {
  const there = Object.fromEntries(
    Object.entries(files).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  );
  const { code, out, err } = await collect(new FakeKernel(there), archive);
  expect({ code, out, err }).toEqual({
    code: 1,
    out: '',
    err: `cp: cannot stat '${path}': No such file or directory\n`,
  });
  expect(existsSync(archive)).toBe(false);
});

test.each([[[]], [['']], [['--help']]])('%j: usage on stderr, exit code 1', async (args) => {
  const { code, out, err } = await collect(new FakeKernel(), ...args);
  expect({ code, out, err }).toEqual({ code: 1, out: '', err: 'Usage: jailhouse config collect mytarget.tar\n' });
});

test('only root can read a real board', async () => {
  const geteuid = jest.spyOn(process, 'geteuid').mockReturnValue(1000);
  const result = await run(main, ['config', 'collect', archive], { kernel: new FakeKernel(ARM64), env: {} });
  expect(result).toMatchObject({ code: 1, out: '', err: 'Please run as root\n' });
  geteuid.mockReturnValue(0);
  expect(await run(main, ['config', 'collect', archive], { kernel: new FakeKernel(ARM64), env: {} })).toMatchObject({
    code: 0,
  });
  geteuid.mockRestore();
});
