/** C and TypeScript sources of configs: compiled, they are the configs again, byte for byte. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { cells } from '../../../../cells';
import { decodeConfig, DIALECTS, encodeConfig } from '../../../../src/abi/jailhouse';
import { convertConfig } from '../../../../src/config/convert/convert';
import { formatC } from '../../../../src/config/show/c-source';
import { formatTypeScript } from '../../../../src/config/show/typescript';
import { GOLDEN_NAMES, golden } from '../../cells/golden';
import { sampleConfig } from '../../abi/samples';
import { cHeader } from './c-header';
import type { CellConfig, DecodedConfig, Dialect, SystemConfig } from '../../../../src/abi/jailhouse';
import type { CellModule } from '../../../../src/config/builder';

const root = join(__dirname, '../../../..');
let folder: string;

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'config-sources-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** Known-good files, and configs of other dialects. */
const files: readonly (readonly [string, Uint8Array])[] = [
  ...GOLDEN_NAMES.map((name) => [name, golden(name)] as const),
  ...(['nxp-9', 'upstream-10', 'upstream-12', 'upstream-13', 'upstream-14'] as const).map((dialect) =>
    moved('imx8mm', dialect),
  ),
  moved('imx8qm', 'upstream-14'),
  moved('imx8mq-ivshmem-demo', 'upstream-14'),
];

function moved(name: string, dialect: Dialect): readonly [string, Uint8Array] {
  const { config, dialect: own } = cells[name] as CellModule;
  const kind = 'rootCell' in config ? 'system' : 'cell';
  return [`${name} in ${dialect}`, convertConfig({ kind, config, dialect: own } as DecodedConfig, dialect)];
}

const hasCompiler = (() => {
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    execFileSync('objcopy', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

if (!hasCompiler) console.warn('C sources are not compiled: gcc or objcopy is missing');

(hasCompiler ? test : test.skip).each(files)('C source of %s', (name, bytes) => {
  const decoded = decodeConfig(bytes);
  const place = join(folder, name.replaceAll(' ', '-'));
  mkdirSync(join(place, 'jailhouse'), { recursive: true });
  writeFileSync(join(place, 'jailhouse/types.h'), '');
  writeFileSync(join(place, 'jailhouse/cell-config.h'), cHeader(decoded.dialect));
  writeFileSync(join(place, 'config.c'), formatC(decoded));
  execFileSync('gcc', ['-c', '-Werror', '-w', '-I', place, '-o', join(place, 'config.o'), join(place, 'config.c')]);
  execFileSync('objcopy', ['-O', 'binary', '-j', '.data', join(place, 'config.o'), join(place, 'config.cell')]);
  expect(readFileSync(join(place, 'config.cell')).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
});

function runTypeScript(text: string): { config: SystemConfig | CellConfig; dialect: Dialect } {
  const { outputFiles } = buildSync({
    stdin: { contents: text, resolveDir: join(root, 'cells'), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(module, module.exports, require);
  return module.exports as ReturnType<typeof runTypeScript>;
}

test.each(files)('TypeScript source of %s', (_, bytes) => {
  const { config, dialect } = runTypeScript(formatTypeScript(decodeConfig(bytes)));
  expect(Buffer.from(encodeConfig(config, dialect)).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
});

test.each(DIALECTS)('configs of %s that no helper makes are written field by field', (dialect) => {
  for (const kind of ['system', 'cell'] as const) {
    const bytes = sampleConfig(dialect, kind);
    const source = runTypeScript(formatTypeScript(decodeConfig(bytes, { dialect })));
    expect(Buffer.from(encodeConfig(source.config, dialect)).toString('hex')).toBe(Buffer.from(bytes).toString('hex'));
  }
});

test('the sources of our own cells use the helpers that they were written with', () => {
  const { config, dialect } = cells['imx8mm-ivshmem-demo'] as CellModule;
  expect(formatTypeScript({ kind: 'cell', config: config as CellConfig, dialect })).toBe(
    `import { cell, commRegion, dataRam, imxUart, inmateRam, io, irqchips, ivshmem, sharedWithRoot, spi } from '../src/config/builder';

export const dialect = 'nxp-10';

export const config = cell({
  name: 'ivshmem-demo',
  cpus: [3],
  vpciIrqBase: spi(76),
  irqchips: irqchips(0x38800000, [spi(76)]),
  memory: [
    sharedWithRoot(io(0x30890000, 0x1000)),
    inmateRam({ phys: 0xb3c00000, size: 0x10000 }),
    sharedWithRoot(dataRam(0xbba00000, 0x200000)),
    commRegion(),
  ],
  pciDevices: [
    ivshmem({ bdf: '00:00.0', protocol: 'undefined', region: 0xbba00000 }),
  ],
  console: imxUart(0x30890000),
  nxpIvshmem: { pciConfig: { base: 0xbb800000, size: 0x100000 }, irq: spi(76) },
});
`,
  );
});
