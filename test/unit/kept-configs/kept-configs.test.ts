import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeptConfigs } from '../../../src/kept-configs/kept-configs';
import { cellFile, systemFile } from '../../support/configs';
import { FakeKernel, kernelLog, sysfsOf } from '../../support/fake-kernel';

const folder = mkdtempSync(join(tmpdir(), 'cellvisor-kept-'));
let count = 0;
let directory: string;

beforeEach(() => (directory = join(folder, `${count++}`, 'board', 'cells')));
afterAll(() => rmSync(folder, { recursive: true }));

const ROOT = { id: 0, name: 'imx8mq', cpus: '0-2' };
const CELL = { id: 1, name: 'gic-demo', cpus: '3' };
const OPENING = 'The Jailhouse is opening.';
const CREATED = 'Created Jailhouse cell "gic-demo"';

/** A system with these cells and messages. */
function system(
  cells: Parameters<typeof sysfsOf>[0] = [ROOT, CELL],
  messages: readonly string[] = [OPENING, CREATED],
  bootId = 'a',
): FakeKernel {
  const { files, kmsg } = kernelLog(messages);
  return new FakeKernel(
    { ...sysfsOf(cells), ...files, '/proc/sys/kernel/random/boot_id': `${bootId}\n` },
    { '/dev/kmsg': kmsg },
  );
}

const kept = (kernel: FakeKernel) => new KeptConfigs(kernel, directory);
const names = async (kernel: FakeKernel) => (await kept(kernel).all()).map(({ cell }) => cell.name);
const config = cellFile();

async function keepBoth(): Promise<void> {
  await kept(system([ROOT], [OPENING])).created(systemFile());
  await kept(system()).created(config);
}

test('a copy is what was given, and for its owner only', async () => {
  await keepBoth();
  const [root, cell] = await kept(system()).all();
  expect(Buffer.from(root?.bytes ?? [])).toEqual(Buffer.from(systemFile()));
  expect(Buffer.from(cell?.bytes ?? [])).toEqual(Buffer.from(config));
  expect(cell?.path).toBe(join(directory, '1.cell'));
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  for (const file of readdirSync(directory)) expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory).sort()).toEqual(['0.cell', '0.json', '1.cell', '1.json']);
});

test('copies go with their cells', async () => {
  await keepBoth();
  await kept(system([ROOT])).gone();
  expect(readdirSync(directory).sort()).toEqual(['0.cell', '0.json']);
  await kept(system([])).gone();
  expect(readdirSync(directory)).toEqual([]);
});

describe('copies of other cells are not shown', () => {
  test.each([
    ['after another start of the system', system([ROOT, CELL], [OPENING, CREATED], 'b'), []],
    ['a cell of another name with that id', system([ROOT, { ...CELL, name: 'other' }]), ['imx8mq']],
    ['a cell of that name with another id', system([ROOT, { ...CELL, id: 2 }]), ['imx8mq']],
    ['a cell with other CPUs', system([ROOT, { ...CELL, cpus: '2' }]), ['imx8mq']],
    ['created anew by another tool', system([ROOT, CELL], [OPENING, CREATED, CREATED]), ['imx8mq']],
    ['enabled anew by another tool', system([ROOT, CELL], [OPENING, CREATED, OPENING]), ['gic-demo']],
    [
      'not known when it was created: the log has been overwritten',
      system([ROOT, CELL], ['other']),
      ['imx8mq', 'gic-demo'],
    ],
    ['the CPUs of the root cell change', system([{ ...ROOT, cpus: '0-1' }, CELL]), ['imx8mq', 'gic-demo']],
  ])('%s', async (_name, later, shown) => {
    await keepBoth();
    expect(await names(later)).toEqual(shown);
  });

  test('a copy that was changed', async () => {
    await keepBoth();
    writeFileSync(join(directory, '1.cell'), 'x');
    expect(await names(system())).toEqual(['imx8mq']);
  });

  test('a label that is damaged', async () => {
    await keepBoth();
    for (const text of ['', '{', 'null', '7', '{"id":1}']) {
      writeFileSync(join(directory, '1.json'), text);
      expect(await names(system())).toEqual(['imx8mq']);
    }
  });
});

test('a folder that others can enter is not used', async () => {
  await keepBoth();
  chmodSync(directory, 0o755);
  expect(await names(system())).toEqual([]);
  await kept(system([])).gone();
  expect(readdirSync(directory)).toHaveLength(4);
});

test('where nothing tells one start of the system from the next, nothing is kept', async () => {
  const kernel = system();
  kernel.files.delete('/proc/sys/kernel/random/boot_id');
  await kept(kernel).created(config);
  expect(existsSync(directory)).toBe(false);
});

test('a config that cannot be kept does no harm', async () => {
  writeFileSync(join(folder, 'file'), '');
  const keeper = new KeptConfigs(system(), join(folder, 'file', 'cells'));
  await keeper.created(config);
  await keeper.created(new Uint8Array(3));
  await keeper.gone();
  expect(await keeper.all()).toEqual([]);
});
