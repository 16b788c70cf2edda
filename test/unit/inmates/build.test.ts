import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = join(__dirname, '../../../scripts/build-inmates.mjs');

function run(args: string[], environment: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env: { ...process.env, ...environment } });
}

test('the prebuilt inmates are what the sources give, where they can be rebuilt', () => {
  const { status, stdout } = run(['--check']);
  // Without the compiler, or with another one, the line says so and there is nothing to compare.
  if (!stdout.includes('the same bytes')) process.stdout.write(stdout);
  expect(stdout).toMatch(/^inmates: (a rebuild gives the same bytes|not checked: )/);
  expect(status).toBe(0);
}, 120_000);

test("an inmate of one's own can be built again when it has changed", () => {
  if (spawnSync('aarch64-linux-gnu-gcc', ['--version']).error) {
    process.stderr.write('skipped: aarch64-linux-gnu-gcc is not installed\n');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'cellvisor-own-'));
  try {
    const source = join(folder, 'own.c');
    const build = (text: string) => {
      writeFileSync(source, `#include "inmate.h"\nvoid inmate_main(void) { printk("${text}"); }\n`);
      const args = ['-s', '-C', join(__dirname, '../../../inmates'), `SRC=${source}`, `BUILD=${join(folder, 'build')}`];
      expect(spawnSync('make', args, { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
      expect(readFileSync(join(folder, 'build/own.bin')).includes(text)).toBe(true);
    };
    build('first');
    build('second');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a missing compiler is named', () => {
  const { status, stdout } = run(['--check'], { CROSS_COMPILE: 'no-such-' });
  expect(stdout).toBe('inmates: not checked: no-such-gcc is not installed\n');
  expect(status).toBe(0);
});

test('an unknown option is refused', () => {
  const { status, stderr } = run(['--chekc']);
  expect(stderr).toMatch(/^usage: /);
  expect(status).toBe(2);
});
