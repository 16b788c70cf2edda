import { spawnSync } from 'node:child_process';
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
