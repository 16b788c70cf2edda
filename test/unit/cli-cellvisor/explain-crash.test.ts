import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeConfig } from '../../../src/abi/jailhouse';
import { main } from '../../../src/cli/cellvisor/main';
import { config as faultDemo } from '../../../cells/imx8mm-fault-demo';
import { config as gicDemo } from '../../../cells/imx8mm-gic-demo';
import { config as root } from '../../../cells/imx8mm';
import { FakeKernel, sysfsOf } from '../../support/fake-kernel';
import { run } from '../../support/command';
import { dumpText } from '../crash/dumps';

const folder = mkdtempSync(join(tmpdir(), 'cellvisor-explain-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const log = file('crash.log', `Started cell "gic-demo"\n${dumpText()}`);
const cell = file('gic.cell', encodeConfig(gicDemo, 'nxp-10'));
const system = file('root.cell', encodeConfig(root, 'nxp-10'));
const explain = (...args: string[]) => run(main, ['explain', ...args]);

test('a log with its configs', async () => {
  const { code, out, err } = await explain(log, '--cell', cell, '--root', system);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    /^CPU 3 of cell "gic-demo" was parked: it wrote 4 bytes to 0x12345678 {2}\[lines 2-19\]\n\n {2}trap /,
  );
  expect(out).toContain(`config       cell 'gic-demo' by ${cell}`);
  expect(out).toContain('\nWhat to do:\n  - To give the cell this device');
});

test('JSON', async () => {
  const { out } = await explain(log, '--cell', cell, '--json');
  expect(JSON.parse(out)).toMatchObject([{ dump: { cpu: 3, registers: { pc: '0x3400' } }, title: expect.any(String) }]);
});

test('the last of several crashes, or all', async () => {
  const two = file('two.log', dumpText({ cpu: 1 }) + dumpText());
  expect((await explain(two, '--cell', cell)).out).toMatch(/^CPU 3 [^]*\n1 earlier crash in this log: --all\n$/);
  expect((await explain(two, '--cell', cell, '--all')).out).toMatch(/^CPU 1 [^]*\nCPU 3 /);
});

test('the console of the hypervisor', async () => {
  const kernel = new FakeKernel(sysfsOf([]), { '/dev/jailhouse': { reads: [...chunks(dumpText()), ''] } });
  const { code, out } = await run(main, ['explain', '--live', '--cell', cell], { kernel });
  expect(code).toBe(0);
  expect(out).toMatch(/^CPU 3 of cell "gic-demo" was parked/);
});

function chunks(text: string): string[] {
  return text.match(/[^]{1,128}/g) ?? [];
}

test('a log without a crash', async () =>
  expect(await explain(file('quiet.log', 'Started cell "gic-demo"\n'))).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/quiet\.log: no crash of a cell is in this log\n$/),
  }));

test.each([
  [[join(folder, 'nosuch.log')], 1, /No such file or directory/],
  [[log, '--cell', log], 1, /crash\.log: /],
  [[log, '--elf', cell], 1, /gic\.cell: not an ELF file\nhint: an image/],
  [[log, '--root', cell], 2, /is the config of a cell; it is given by --cell/],
  [[log, '--live'], 2, /one LOG, or --live/],
  [[log, log], 2, /one LOG, or --live/],
  [[log, '--elf', 'a', '--image', 'b'], 2, /--elf or --image, not both/],
  [[log, '--image', `${cell}@x`], 2, /--image: 'x' is no address/],
  [['nosuch'], 2, /there is no finding 'nosuch'/],
])('%j', async (args, code, message) => {
  const told = await explain(...args);
  expect({ code: told.code, out: told.out }).toEqual({ code, out: '' });
  expect(told.err).toMatch(message);
});

test('a code of a finding is still one', async () => expect((await explain('MEM-GIC')).code).toBe(0));

test('the example of docs/crashes.md', async () => {
  const root = join(__dirname, '../../..');
  const document = readFileSync(join(root, 'docs/crashes.md'), 'utf8').replaceAll(/^ {4}/gm, '');
  const crash = join(__dirname, '../crash/fixtures/write.log');
  const image = join(root, 'inmates/prebuilt/fault-demo.bin');
  const fault = file('imx8mm-fault-demo.cell', encodeConfig(faultDemo, 'nxp-10'));
  const { out } = await explain(crash, '--image', image, '--cell', fault, '--root', system);
  expect(document).toContain(out.replaceAll(`${folder}/`, 'cells/').trimEnd());
});
