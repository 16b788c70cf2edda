import { imx8mq, imx8mqGicDemo } from './configs';
import { errno, powerOn } from './session';
import type { OpenFile } from '../../../src/board/syscalls';
import type { Session } from './session';

const open = ({ board }: Session, nonBlocking = true) => board.open('/dev/jailhouse', { access: 'read', nonBlocking });
const readText = async (file: OpenFile, length = 4096) => new TextDecoder().decode(await file.read(length));

describe('the console device (jailhouse-abi reference 1.9)', () => {
  test('before the first ENABLE: EAGAIN', async () => {
    await expect(open(powerOn()).read(128)).rejects.toEqual(errno('EAGAIN'));
  });

  test('each open file reads from the beginning, in pieces, and then nothing', async () => {
    const session = powerOn();
    await session.enable(imx8mq);
    const file = open(session);
    expect(await readText(file, 20)).toBe('\nInitializing Jailho');
    expect(await readText(file)).toMatch(/^use hypervisor.*Activating hypervisor\n$/s);
    expect(await readText(file)).toBe('');
    expect(await readText(open(session), 5)).toBe('\nInit');
    expect(session.sysfs('console')).toBe(session.machine.console);
  });

  test('what was missed is told first, cut to the read', async () => {
    const session = powerOn();
    await session.enable(imx8mq);
    session.machine.consoleWrite('x'.repeat(3000));
    const missed = session.machine.console.length - 2048;
    const file = open(session);
    expect(await readText(file)).toBe(`<missed ${missed} bytes of console log>\n`);
    expect(await readText(file)).toBe('x'.repeat(2048));
    expect(await readText(open(session), 7)).toBe('<missed');
  });

  test('a blocking reader gets what comes, over DISABLE and a new ENABLE', async () => {
    const session = powerOn();
    const file = open(session, false);
    const first = readText(file, 21);
    await session.enable(imx8mq);
    expect(await first).toBe('\nInitializing Jailhou');
    await readText(file);
    const next = readText(file);
    await session.create(imx8mqGicDemo);
    expect(await next).toBe('iommu_config_commit gic-demo\n');
    while (!(await readText(file)).includes('Page pool usage after cell creation'));
    const last = readText(file);
    await session.disable();
    let log = await last;
    expect(log).toMatch(/^Closing cell "gic-demo"\n/);
    while (!log.endsWith(' Releasing CPU 3\n')) log += await readText(file);
    const again = readText(file);
    await session.enable(imx8mq);
    expect(await again).toMatch(/^\nInitializing Jailhouse/);
  });

  test('after DISABLE the last console is read once by each file, then EAGAIN', async () => {
    const session = powerOn();
    await session.enable(imx8mq);
    await session.disable();
    const file = open(session);
    expect(await readText(file)).toMatch(/Releasing CPU 3\n$/);
    expect(await readText(file)).toBe('');
    await expect(file.read(128)).rejects.toEqual(errno('EAGAIN'));
    expect(session.sysfs('console')).toBe('');
  });

  test('a system without virtual console: EPERM', async () => {
    const session = powerOn();
    await session.enable({ ...imx8mq, flags: 0 });
    await expect(open(session).read(128)).rejects.toEqual(errno('EPERM'));
    expect(() => session.sysfs('console')).toThrow(expect.objectContaining({ errno: 'EPERM' }));
  });

  test('a waiting reader ends with EINTR: by a signal, by closing the file, by switching power off', async () => {
    const session = powerOn();
    const signal = new AbortController();
    const bySignal = expect(open(session, false).read(1, signal.signal)).rejects.toEqual(errno('EINTR'));
    signal.abort();
    await bySignal;
    const file = open(session, false);
    const byClose = expect(file.read(1)).rejects.toEqual(errno('EINTR'));
    file.close();
    await byClose;
    const byPower = expect(open(session, false).read(1)).rejects.toEqual(errno('EINTR'));
    session.board.close();
    await byPower;
    expect(session.machine.closed).toBe(true);
  });
});

describe('/dev/kmsg', () => {
  test('a record a read, with board time', async () => {
    const session = powerOn();
    session.machine.timeNs = 1_588_415_166_999n;
    await session.enable(imx8mq);
    await session.create(imx8mqGicDemo);
    const log = session.text('/dev/kmsg').split('\n');
    expect(log.find((line) => line.includes('shutdown'))).toMatch(/^5,\d+,1588415166,-;CPU3: shutdown$/);
    expect(session.board.kernelLines()).toContain('[ 1588.415166] CPU3: shutdown');

    const file = session.board.open('/dev/kmsg', { access: 'read', nonBlocking: true });
    expect(await readText(file)).toBe(`${log[0]}\n`);
    await expect(file.read(4)).rejects.toEqual(errno('EINVAL'));
    expect(await readText(file)).toBe(`${log[1]}\n`);
    for (let index = 2; index < log.length - 1; index++) await file.read(4096);
    await expect(file.read(4096)).rejects.toEqual(errno('EAGAIN'));
  });

  test('a follower waits for the next record', async () => {
    const session = powerOn();
    const file = session.board.open('/dev/kmsg', { access: 'read', nonBlocking: false });
    expect(await readText(file)).toMatch(/^6,0,\d+,-;CPU: All CPU\(s\) started at EL2\n$/);
    const next = readText(file);
    await session.enable(imx8mq);
    expect(await next).toMatch(/^6,1,\d+,-;pci-host-generic/);
  });
});
