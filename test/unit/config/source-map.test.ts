import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { main } from '../../../src/cli/jailhouse/main';
import { parseSourceMap } from '../../../src/config/source-map';
import { run } from '../../support/command';

const root = join(__dirname, '../../..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'source-map-'));
  const outfile = join(folder, 'build-cells.js');
  const entryPoints = [join(root, 'scripts/build-cells.ts')];
  buildSync({ entryPoints, outfile, bundle: true, platform: 'node', target: 'node20', sourcemap: 'inline' });
  const args = ['--enable-source-maps', outfile, '--out', folder];
  execFileSync(process.execPath, [...args, 'imx8mq', 'imx8mq-linux-demo'], { cwd: root });
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Number of the line of a source that holds a text. */
function lineOf(file: string, text: string): number {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  return 1 + lines.findIndex((line) => line.includes(text));
}

test('each part of a config has the line that it is written in', () => {
  const file = 'cells/imx8mq-linux-demo.ts';
  const map = parseSourceMap(readFileSync(join(folder, 'imx8mq-linux-demo.cell.map'), 'utf8'));
  expect(map?.lines).toMatchObject({
    config: { file, line: lineOf(file, 'export const config') },
    'mem_regions[0]': { file: 'cells/boards/imx8mq.ts', line: lineOf('cells/boards/imx8mq.ts', 'uartWindow') },
    'mem_regions[1]': { file, line: lineOf(file, '// UART2') },
    'mem_regions[3]': { file, line: lineOf(file, 'const sharedMemory') },
    'irqchips[0]': { file, line: lineOf(file, 'irqchips: irqchips(') },
    'pci_devices[0]': { file, line: lineOf(file, 'pciDevices:') },
  });
});

test('findings name the line', async () => {
  const files = ['imx8mq', 'imx8mq-linux-demo'].map((name) => join(folder, `${name}.cell`));
  const { out } = await run(main, ['config', 'check', ...files]);
  const line = lineOf('cells/imx8mq-linux-demo.ts', 'pciDevices:');
  expect(out).toContain(`pci_devices[0].shmem_protocol = 0x100 (VETH) (cells/imx8mq-linux-demo.ts:${line})\n`);
});

test('a map of another build says nothing', async () => {
  const path = join(folder, 'imx8mq.cell');
  const bytes = readFileSync(path);
  bytes[bytes.length - 4] = 1;
  writeFileSync(path, bytes);
  expect((await run(main, ['config', 'check', path])).out).not.toContain('cells/imx8mq.ts');
});

test.each(['', '[]', '{}', '{"sha256":"x","lines":{"a":1}}', '{"sha256":"x","lines":{"a":{"file":1,"line":1}}}'])(
  '%j is no map',
  (text) => expect(parseSourceMap(text)).toBeUndefined(),
);
