import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const PROBE_FOLDER = join(__dirname, '../../../native/test/core_probe');
const TOOLS = ['make', 'g++', 'aarch64-linux-gnu-gcc', 'aarch64-linux-gnu-objcopy'];

const missing = TOOLS.filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
if (missing.length > 0) console.warn(`A64 core tests skipped: ${missing.join(', ')} not installed`);

function imagesIn(folder: string): string[] {
  return readdirSync(join(PROBE_FOLDER, folder))
    .filter((file) => file.endsWith('.S'))
    .map((file) => basename(file, '.S'));
}

const images = imagesIn('asm');
const threadImages = imagesIn('asm/threads');

(missing.length > 0 ? describe.skip : describe)('the A64 core by itself', () => {
  let build: string;

  beforeAll(() => {
    build = mkdtempSync(join(tmpdir(), 'cellvisor-core-'));
    const jobs = Math.min(2, cpus().length);
    // The probe is the same code as the addon; what it has to prove is right or wrong at any optimisation.
    execFileSync(
      'make',
      [`-j${jobs}`, '-s', `BUILD=${build}`, 'CXXFLAGS=-std=c++17 -O1 -fno-strict-aliasing', 'all', 'images'],
      {
        cwd: PROBE_FOLDER,
        stdio: 'pipe',
      },
    );
  }, 280_000);

  afterAll(() => rmSync(build, { recursive: true, force: true }));

  interface Ending {
    status: number | null;
    output: string;
    errors: string;
  }

  function probe(...args: string[]): Ending {
    const done = spawnSync(join(build, 'probe'), args, { encoding: 'utf8' });
    return { status: done.status, output: done.stdout, errors: done.stderr };
  }

  function run(image: string, slice?: number): Ending {
    return probe('--run', join(build, 'asm', `${image}.bin`), ...(slice === undefined ? [] : [`${slice}`]));
  }

  test.each(images)('%s: every check of the image holds', (image) => {
    expect(run(image)).toEqual({ status: 0, output: expect.stringMatching(/^ok\n\d+ instructions\n$/), errors: '' });
  });

  test.each(images)('%s: nothing depends on how a run is cut into budgets', (image) => {
    const whole = run(image);
    for (const slice of [1, 2, 7, 64]) expect(run(image, slice)).toEqual(whole);
  });

  test.each(threadImages)(
    '%s: CPUs on threads of their own agree about shared memory',
    (image) => {
      const ending = probe('--threads', '3', join(build, 'asm/threads', `${image}.bin`));
      expect(ending).toEqual({ status: 0, output: 'ok\n', errors: '' });
    },
    60_000,
  );
});
