import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HardwareKernel } from '../../../src/kernel/hardware/kernel';

let kernel: HardwareKernel;
beforeEach(() => (kernel = new HardwareKernel()));
afterEach(() => kernel.close());

async function lineAt(path: string): Promise<string> {
  const [content] = await kernel.readFiles([path]);
  return content instanceof Error ? `${(content as { errno?: string }).errno}` : Buffer.from(content ?? []).toString();
}

function openPaths(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

test('an attribute is kept open, once, until the kernel is closed', async () => {
  const path = '/sys/devices/system/cpu/online';
  const count = () => openPaths().filter((open) => open === path).length;
  const before = count();
  const line = await lineAt(path);
  expect(line).toMatch(/^0/);
  expect([await lineAt(path), await lineAt(path)]).toEqual([line, line]);
  expect(count()).toBe(before + 1);
  await kernel.close();
  expect(count()).toBe(before);
});

test('other files are not: one of the same name may be another one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellvisor-attributes-'));
  const path = join(folder, 'a');
  writeFileSync(path, 'one');
  expect(await lineAt(path)).toBe('one');
  rmSync(path);
  writeFileSync(path, 'two');
  expect(await lineAt(path)).toBe('two');
  expect(openPaths()).not.toContain(path);
  rmSync(folder, { recursive: true });
});

/** A device that can be made and removed: the one end of a virtual cable. */
const device = `cv${process.pid % 100_000}`;
const ip = (...args: string[]) => spawnSync('ip', ['link', ...args]).status === 0;
const make = () => ip('add', device, 'type', 'veth', 'peer', 'name', `${device}p`);

if (make()) {
  afterAll(() => ip('del', device));

  test('a value that changes, an object that goes, and another one under its name', async () => {
    const path = `/sys/class/net/${device}/mtu`;
    expect(await lineAt(path)).toBe('1500\n');
    ip('set', device, 'mtu', '1400');
    expect(await lineAt(path)).toBe('1400\n');
    ip('del', device);
    expect(await lineAt(path)).toBe('ENOENT');
    make();
    expect(await lineAt(path)).toBe('1500\n');
    ip('del', device);
    make();
    ip('set', device, 'mtu', '1300');
    expect(await lineAt(path)).toBe('1300\n');
  });
} else {
  test.skip("objects of sysfs that go (skipped: 'ip link add' makes no device here, which root may)", () => undefined);
}
