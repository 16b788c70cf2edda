import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

/** What `npm pack` would put in. Compiled files are there after `npm run build`. */
function packed(): string[] {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = spawnSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  const [archive] = Object.values(JSON.parse(stdout) as Record<string, { files: { path: string }[] }>);
  return (archive?.files ?? []).map(({ path }) => path);
}

test('npm pack takes what installs and runs, and no more', () => {
  const files = packed();
  const needed = [
    'dist/bin/jailhouse.js',
    'dist/cellvisor/arguments.js',
    'dist/cellvisor/board-daemon.js',
    'dist/cellvisor/config-yaml.js',
    'dist/cellvisor/errors.js',
    'dist/cellvisor/explain-refusal.js',
    'dist/cellvisor/jailhouse-config.js',
    'dist/lib/index.js',
    'cells/imx8mm.cell',
    'inmates/gic-demo.bin',
    'binding.gyp',
    'native/addon.cc',
    'scripts/build-native.mjs',
    ...readdirSync(join(root, 'packaging/systemd')).map((name) => `packaging/systemd/${name}`),
  ];
  expect(needed.filter((path) => !files.includes(path))).toEqual([]);
  const unneeded = /^(test|bench|build|src|node_modules|packaging\/archive|packaging\/glibc)\/|\.o$/;
  expect(files.filter((path) => unneeded.test(path))).toEqual([]);
});
