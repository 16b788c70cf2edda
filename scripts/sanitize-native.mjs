// Runs tests against the addon and the bridge built with sanitizers:  node scripts/sanitize-native.mjs address|thread [jest pattern ...]
// Works on a copy of the tree, so that what is in build/ stays as it is. Exit code 1 when a test fails or a report is made.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kinds = {
  address: {
    flags: 'address,undefined',
    library: 'libasan.so',
    options: 'ASAN_OPTIONS',
    // Programs get the bridge first, and the sanitizer's library behind it.
    values: 'detect_leaks=0:verify_asan_link_order=0',
    tests: ['test/unit/native', 'test/bridge/programs.test.ts'],
  },
  thread: {
    flags: 'thread',
    library: 'libtsan.so',
    options: 'TSAN_OPTIONS',
    values: 'exitcode=0',
    tests: ['test/unit/native'],
  },
};

const [name, ...patterns] = process.argv.slice(2);
const kind = kinds[name];
if (!kind) {
  console.error('usage: node scripts/sanitize-native.mjs address|thread [jest pattern ...]');
  process.exit(2);
}

function capture(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  return result.status === 0 ? result.stdout.trim() : '';
}

const library = capture('g++', [`-print-file-name=${kind.library}`]);
if (!existsSync(library)) {
  console.error(`skipped: g++ has no ${kind.library} on this machine`);
  process.exit(2);
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tree = mkdtempSync(join(tmpdir(), 'cellvisor-sanitize-'));
let failed = false;
try {
  for (const entry of [
    'binding.gyp',
    'package.json',
    'jest.config.js',
    'native',
    'scripts',
    'src',
    'cells',
    'inmates',
    'test',
  ]) {
    cpSync(join(root, entry), join(tree, entry), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  run('node', ['scripts/build.mjs'], {});
  // That is what the usual set-up does, too, once more and under the sanitizer.
  writeFileSync(
    join(tree, 'jest.sanitize.js'),
    "const { globalSetup, ...config } = require('./jest.config.js');\nmodule.exports = { ...config, testTimeout: 60000 };\n",
  );
  run('node', ['scripts/build-native.mjs', `--sanitize=${kind.flags}`], {});
  const log = join(tree, 'report');
  const tests = patterns.length > 0 ? patterns : kind.tests;
  const jest = ['node_modules/jest/bin/jest.js', '--config', 'jest.sanitize.js', '--runInBand', ...tests];
  run('node', jest, { LD_PRELOAD: library, [kind.options]: `${kind.values}:log_path=${log}` });
  failed = reports(log) || failed;
} finally {
  rmSync(tree, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

function run(command, args, environment) {
  const result = spawnSync(command, args, { cwd: tree, stdio: 'inherit', env: { ...process.env, ...environment } });
  if (result.status !== 0) failed = true;
}

/** Prints the reports about code of ours: Node itself is not clean under the thread sanitizer. */
function reports(log) {
  const files = readdirSync(tree).filter((file) => join(tree, file).startsWith(`${log}.`));
  const all = files.flatMap((file) => readFileSync(join(tree, file), 'utf8').split('==================\n'));
  const ours = all.filter((report) => /cellvisor\.node|cellvisor-bridge\.so|native\/bridge\//.test(report));
  for (const report of ours) console.error(report);
  console.log(`${ours.length} sanitizer reports about the addon and the bridge`);
  return ours.length > 0;
}
