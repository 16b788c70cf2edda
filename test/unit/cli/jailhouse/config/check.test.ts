import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeConfig } from '../../../../../src/abi/jailhouse';
import { main } from '../../../../../src/cli/jailhouse/main';
import { FakeKernel } from '../../../../support/fake-kernel';
import { run } from '../../../../support/command';
import { golden } from '../../../cells/golden';
import { CELL, device, regions, RAM } from '../../../config/check/base';

let folder: string;
const before = process.cwd();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-'));
  process.chdir(folder);
  for (const name of ['imx8mq', 'imx8mq-veth', 'imx8mq-gic-demo', 'imx8mq-linux-demo', 'imx8mm']) {
    writeFileSync(`${name}.cell`, golden(name));
  }
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const check = (...args: string[]) => run(main, ['config', 'check', ...args]);
const ownPart = (out: string) => out.slice(out.indexOf('\nCellvisor: ') + 1);

test('a Linux cell with the root cell of the bare-metal demos', async () => {
  const { code, out } = await check('imx8mq.cell', 'imx8mq-linux-demo.cell');
  expect(code).toBe(1);
  expect(ownPart(out)).toBe(`Cellvisor: 1 error, 0 warnings, 2 notes

error IVSHMEM-PROTOCOL: the root cell and cell 'linux-inmate-demo' speak different protocols on device 00:00.0
  imx8mq.cell: pci_devices[0].shmem_protocol = 0x0 (UNDEFINED)
  imx8mq-linux-demo.cell: pci_devices[0].shmem_protocol = 0x100 (VETH)
  write: Use the root config with the protocol of the cell, or change shmem_protocol of one end.

note MEM-GIC: mem_regions[0] of the root cell covers the registers of the GIC (GICD)
  imx8mq.cell: mem_regions[0].phys_start = 0x0, size 0x40000000
  imx8mq.cell: platform_info.arm.gicd_base = 0x38800000, size 0x10000
  write: Leave the GIC out of the region, as imx8mq-veth does with a region for each device.

note MEM-GIC: mem_regions[0] of the root cell covers the registers of the GIC (GICR)
  imx8mq.cell: mem_regions[0].phys_start = 0x0, size 0x40000000
  imx8mq.cell: platform_info.arm.gicr_base = 0x38880000, size 0x80000
  write: Leave the GIC out of the region, as imx8mq-veth does with a region for each device.
`);
});

test('the right one', async () => {
  const { code, out } = await check('imx8mq-veth.cell', 'imx8mq-linux-demo.cell');
  expect([code, ownPart(out)]).toEqual([0, 'Cellvisor: 0 errors, 0 warnings, 0 notes\n']);
});

test('warnings do not fail', async () => {
  const alone = { ...device(CELL, { bdf: 8 }), vpciIrqBase: 108 };
  writeFileSync('alone.cell', encodeConfig({ ...CELL, ...alone, ...regions(CELL, {}) }, 'nxp-10'));
  const { code, out } = await check('imx8mq-veth.cell', 'alone.cell', '--json');
  const { findings } = JSON.parse(out) as { findings: { code: string }[] };
  expect([code, findings.map((one) => one.code)]).toEqual([0, ['IVSHMEM-ALONE']]);
});

test('JSON', async () => {
  const { code, out } = await check('imx8mq.cell', 'imx8mq-linux-demo.cell', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    system: { file: 'imx8mq.cell', name: 'imx8mq', dialect: 'nxp-10', revision: 10 },
    cells: [{ file: 'imx8mq-linux-demo.cell', name: 'linux-inmate-demo', dialect: 'nxp-10', revision: 10 }],
    findings: [
      {
        code: 'IVSHMEM-PROTOCOL',
        severity: 'error',
        places: [
          { cell: 'imx8mq', file: 'imx8mq.cell', field: 'pci_devices[0].shmem_protocol', value: '0x0 (UNDEFINED)' },
          { cell: 'linux-inmate-demo', file: 'imx8mq-linux-demo.cell' },
        ],
      },
      { code: 'MEM-GIC', severity: 'note' },
      { code: 'MEM-GIC', severity: 'note' },
    ],
  });
});

test('images', async () => {
  writeFileSync('big.bin', new Uint8Array(0x10004));
  const fits = await check('imx8mq-veth.cell', 'imx8mq-gic-demo.cell', '--image', 'gic-demo=imx8mm.cell@0x100');
  expect(fits.code).toBe(0);
  const { code, out } = await check('imx8mq-veth.cell', 'imx8mq-gic-demo.cell', '--image=gic-demo=big.bin');
  expect([code, ownPart(out)]).toEqual([
    1,
    `Cellvisor: 1 error, 0 warnings, 0 notes

error IMAGE-TOO-LONG: the image (65540 bytes at 0x0) ends 4 bytes behind memory region ${RAM} (0x0-0xffff)
  big.bin = 65540 bytes at 0x0
  imx8mq-gic-demo.cell: mem_regions[1].flags = 0x47, phys_start 0xc0000000, virt_start 0x0, size 0x10000
  write: Make the region larger, or the image smaller.
`,
  ]);
});

describe('--against', () => {
  test('the board of the name', async () => {
    expect((await check('imx8mq-veth.cell', '--against', 'imx8mq-evk')).code).toBe(0);
    const { code, out } = await check('imx8mq-veth.cell', '--against', 'imx8qm-mek', '--json');
    const { findings } = JSON.parse(out) as { findings: { code: string }[] };
    expect(code).toBe(1);
    expect(findings.map((one) => one.code)).toEqual(
      expect.arrayContaining(['HW-CPU', 'HW-GIC', 'HW-UNMAPPED', 'HW-UART']),
    );
  });

  test('a board that nobody knows', async () =>
    expect(await check('imx8mq.cell', '--against', 'imx9')).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /argument --against: 'imx9' is no board \(imx8mm-evk, .*, board\) and no \.dtb file\n$/,
      ),
    }));

  test('the board that commands speak to', async () => {
    const kernel = new FakeKernel({
      '/sys/module/jailhouse/version': 'v0.12\n',
      '/sys/devices/system/cpu/present': '0-5\n',
    });
    const { code, out } = await run(main, ['config', 'check', 'imx8mq-veth.cell', '--against', 'board', '--json'], {
      kernel,
    });
    const { findings } = JSON.parse(out) as { findings: { code: string; message: string }[] };
    expect(code).toBe(1);
    expect(findings.map((one) => `${one.code}: ${one.message}`)).toEqual([
      'DIALECT-DRIVER: the driver v0.12 takes revision 12, 13 and 14, this is nxp-10',
      'HW-CPU: this board has CPUs 4 and 5 too',
    ]);
  });
});
