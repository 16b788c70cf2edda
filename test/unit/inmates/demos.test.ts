import { join } from 'node:path';
import { commPage, describeWithQemu, Workbench } from './qemu';

const prebuilt = (name: string): string => join(__dirname, '../../../inmates/prebuilt', `${name}.bin`);
const boardTest = (name: string): string => join(__dirname, '../../board/inmates/prebuilt', `${name}.bin`);

jest.setTimeout(60_000);

/** Configuration space of an ivshmem device, jailhouse-hypervisor reference 10.2 and 11. */
function ivshmemConfig(version: 1 | 2): Buffer {
  const space = Buffer.alloc(0x80);
  space.writeUInt32LE(version === 1 ? 0x11101af4 : 0x4106110a, 0);
  space.writeUInt32LE(0xff000000, 8);
  if (version === 1) {
    space.writeBigUInt64LE(0x88000000n, 0x40);
    space.writeBigUInt64LE(0x10000n, 0x48);
  } else {
    space.writeUInt32LE(0x00200009, 0x40);
    space.writeUInt32LE(0x1000, 0x44);
    space.writeBigUInt64LE(0x1000n, 0x48);
    space.writeBigUInt64LE(0x2000n, 0x50);
    space.writeBigUInt64LE(0x88000000n, 0x58);
  }
  return space;
}

describeWithQemu('demo inmates on QEMU', () => {
  let workbench: Workbench;
  beforeAll(() => {
    workbench = new Workbench();
  });
  afterAll(() => workbench.dispose());

  test('gic-demo reports ten timer interrupts a second', async () => {
    const text = await workbench.boot({ inmate: prebuilt('gic-demo') }, /(Timer fired.*\n){3}/);
    expect(text).toMatch(
      /^Initializing the GIC\.\.\.\nInitializing the timer\.\.\.\n(Timer fired, jitter: [ \d]{6,} ns, min: [ \d]{6,} ns, max: [ \d]{6,} ns\n){3}/,
    );
  });

  test('uart-demo counts, at the pace of the command line', async () => {
    const text = await workbench.boot({ inmate: prebuilt('uart-demo'), cmdline: 'period-ms=1' }, /Hello 20 /);
    expect(text).toMatch(/^Hello 1 from cell!\nHello 2 from cell!\n/);
  });

  test('uart-demo prints by the hypercall when the cell has no UART', async () => {
    const comm = commPage({ consoleType: 0, flags: 3 });
    const text = await workbench.boot({ inmate: prebuilt('uart-demo'), cmdline: 'period-ms=0', comm }, /Hello 2 .*\n/);
    expect(text).toMatch(/^Hello 1 from cell!\nHello 2 from cell!\n/);
  });

  test('smp-demo starts four CPUs and passes an SGI round', async () => {
    const text = await workbench.boot({ inmate: prebuilt('smp-demo'), cmdline: 'period-ms=1' }, /Round 3: \d+ ns\n/);
    expect(text).toContain('4 CPUs are up\n');
    for (const cpu of [0, 1, 2, 3]) {
      expect(text).toContain(`CPU ${cpu} is up, affinity 0x${cpu}\n`);
      expect(text).toContain(`CPU ${cpu} got SGI 1\n`);
    }
  });

  test.each([
    ['', 'Writing to 0x12345678, which', /shim: data write .* ipa 0000000012345678/],
    ['kind=read address=0x1000000', 'Reading from 0x1000000, which', /shim: data read .* ipa 0000000001000000/],
    ['kind=exec', 'Jumping to 0x12345678, which', /shim: instruction abort .* ipa 0000000012345678/],
    ['kind=hvc', 'Calling the hypervisor by HVC #0, which', /shim: HVC/],
    ['kind=undefined-smc', 'Calling firmware function 0x95c1ba60, which', /shim: SMC/],
    ['kind=nonsense', 'kind=nonsense is none of', /undefined-smc\n/],
  ])('fault-demo with "%s"', async (cmdline, announced, stopped) => {
    const text = await workbench.boot({ inmate: prebuilt('fault-demo'), cmdline }, /shim: .*\n|is none of .*\n/);
    expect(text.startsWith(announced)).toBe(true);
    expect(text).toMatch(stopped);
    expect(text).not.toContain('Nobody stopped it');
  });

  test('ivshmem-demo answers each interrupt of an ivshmem v1 device', async () => {
    const cell = { inmate: prebuilt('ivshmem-demo'), pciConfig: ivshmemConfig(1) };
    // The shim answers three doorbells, the first being the one at the start.
    const text = await workbench.boot(cell, /#2\nIVSHMEM: waiting for interrupt\.\n/);
    expect(text.split('\n').slice(0, 16)).toEqual([
      'IVSHMEM: Found 1af4:1110 at 00:00.0',
      'IVSHMEM: shmem is at 0x0000000088000000',
      'IVSHMEM: bar0 is at 0x0000000088010000',
      'IVSHMEM: mapped shmem and bars, got position 0x0000000000000001',
      'IVSHMEM: Hello from bare-metal ivshmem-demo inmate!!!  ',
      'IVSHMEM: Enabled IRQ:0x6c',
      'IVSHMEM: Enabling IVSHMEM_IRQs',
      'IVSHMEM: Done setting up...',
      'IVSHMEM: waiting for interrupt.',
      'IVSHMEM: handle_irq(irqn:108) - interrupt #0',
      'IVSHMEM: waiting for interrupt.',
      'IVSHMEM: handle_irq(irqn:108) - interrupt #1',
      'IVSHMEM: waiting for interrupt.',
      'IVSHMEM: handle_irq(irqn:108) - interrupt #2',
      'IVSHMEM: waiting for interrupt.',
      '',
    ]);
  });

  test('ivshmem-demo skips a device of another protocol', async () => {
    const pciConfig = ivshmemConfig(1);
    pciConfig.writeUInt32LE(0xff010000, 8);
    const text = await workbench.boot({ inmate: prebuilt('ivshmem-demo'), pciConfig }, /shim: .*\n/);
    expect(text.split('shim: ')[0]).toBe(
      'IVSHMEM: Found 1af4:1110 at 00:00.0\n' +
        'IVSHMEM: class/revision ff010000, not supported skipping device\n' +
        'IVSHMEM: No PCI devices found .. nothing to do.\n',
    );
  });

  test('ivshmem-demo speaks ivshmem v2 where it finds it', async () => {
    const cell = { inmate: prebuilt('ivshmem-demo'), pciConfig: ivshmemConfig(2), comm: commPage({ revision: 2 }) };
    const text = await workbench.boot(cell, /got interrupt 0 \(#1\)\n(.*\n){9}/);
    expect(text.split('\n').slice(0, 31)).toEqual([
      'IVSHMEM: Found device at 00:00.0',
      'IVSHMEM: bar0 is at 0x00000000ff000000',
      'IVSHMEM: ID is 1',
      'IVSHMEM: max. peers is 3',
      'IVSHMEM: state table is at 0x0000000088000000',
      'IVSHMEM: R/W section is at 0x0000000088001000',
      'IVSHMEM: input sections start at 0x0000000088002000',
      'IVSHMEM: output section is at 0x0000000088004000',
      'IVSHMEM: initialized device',
      ...['state[0] = 0', 'state[1] = 2', 'state[2] = 0', 'rw[0] = 0', 'rw[1] = 0', 'rw[2] = 0'],
      ...['in@0x0000 = 0', 'in@0x2000 = 0', 'in@0x4000 = 0', ''],
      'IVSHMEM: sending IRQ 0 to peer 2',
      '',
      'IVSHMEM: got interrupt 0 (#1)',
      ...['state[0] = 0', 'state[1] = 2', 'state[2] = 0', 'rw[0] = 0', 'rw[1] = 0', 'rw[2] = 0'],
      ...['in@0x0000 = 0', 'in@0x2000 = 0', 'in@0x4000 = 0'],
    ]);
  });

  test.each([
    ['revision 0', commPage({ revision: 0 })],
    ['revision 3', commPage({ revision: 3 })],
    ['no signature', commPage().fill(0, 0, 6)],
  ])('a communication page of %s makes the state "Comm ABI mismatch"', async (_, comm) => {
    const text = await workbench.boot({ inmate: prebuilt('gic-demo'), comm }, /shim: .*\n/);
    expect(text).toMatch(/^shim: asleep for good, cell state 4 /);
  });

  test('a GIC of another version is named', async () => {
    const comm = commPage();
    comm.writeUInt8(2, 56);
    const text = await workbench.boot({ inmate: prebuilt('gic-demo'), comm }, /shim: .*\n/);
    expect(text).toContain('The cell has a GIC of version 2, this library knows version 3\n');
  });

  test('the command line names the console where the communication region names none', async () => {
    const cell = {
      inmate: prebuilt('uart-demo'),
      comm: commPage({ consoleType: 0 }),
      cmdline: 'period-ms=0 con-type=PL011 con-base=0x09000000',
    };
    expect(await workbench.boot(cell, /Hello 1 .*\n/)).toMatch(/^Hello 1 from cell!\n/);
  });

  // What the shim shows of each write: width in bytes, register, value. Below, the H of "Hello".
  test.each([
    ['con-type=IMX', '[4 40 48]'],
    ['con-type=IMX-LPUART', '[4 1c 48]'],
    ['con-type=8250', '[4 00 48]'],
    ['con-type=8250 con-regdist-1', '[1 00 48]'],
    ['con-type=8250 con-divider=0x127', '[4 0c 80][4 00 27][4 04 01][4 0c 03][4 00 48]'],
  ])('UART driver of "%s"', async (options, written) => {
    const comm = commPage();
    comm.writeUInt16LE(2, 38); // registers 4 bytes apart
    const cell = { inmate: prebuilt('uart-demo'), comm, cmdline: `period-ms=0 con-base=0x60000000 ${options}` };
    const text = await workbench.boot(cell, /(\[.*\]){9}/);
    expect(text.startsWith(written)).toBe(true);
  });

  test('a cell with a message waiting answers it', async () => {
    const comm = commPage();
    comm.writeUInt32LE(1, 12);
    const text = await workbench.boot({ inmate: prebuilt('uart-demo'), cmdline: 'period-ms=1', comm }, /shim: .*\n/);
    expect(text).toMatch(/^Hello 1 from cell!\nshim: asleep for good, cell state 2 /);
  });

  test('the image without a library says hello by the hypercall', async () => {
    const text = await workbench.boot({ inmate: boardTest('hello') }, /shim: .*\n/);
    expect(text).toMatch(/^Hello from the virtual console\nshim: asleep for good/);
  });
});
