import { readHardware } from '../../doctor/hardware';
import { LiveSystem } from '../../doctor/live-system';
import { reportHint } from '../report';
import type { Availability } from '../../doctor/hardware';
import type { CommandIo } from '../command';

/** Exit codes of the C tool's script (jailhouse-tools reference 12.4). */
const EXIT_PASSED = 0;
const EXIT_SKIPPED = 1;
const EXIT_FAILED = 2;

const NAME_WIDTH = 32;
const TEXTS: Readonly<Record<Availability, string>> = {
  ok: 'ok',
  missing: 'MISSING',
  'missing (optional)': 'missing (optional)',
  unknown: 'skipped',
};

/**
 * `jailhouse hardware check`, in the form that the script prints on x86. The script itself knows x86 only; here the machines
 * that Cellvisor is for are checked, and all others are what i.MX is to the script: not supported.
 */
export async function hardwareCheck(io: CommandIo): Promise<number> {
  const { architecture, features } = await readHardware(new LiveSystem(await io.openKernel(io.env)));
  if (architecture !== 'arm64') {
    io.err('Unsupported architecture\n');
    reportHint('only arm64 machines are checked: run it on the board, or set CELLVISOR_BACKEND=emulated', io);
    return EXIT_SKIPPED;
  }
  io.out(`${'Feature'.padEnd(NAME_WIDTH)}Availability\n${'-'.repeat(30)}  ${'-'.repeat(18)}\n`);
  for (const { name, availability } of features) {
    io.out(`${name.padEnd(NAME_WIDTH)}${TEXTS[availability]}\n`);
  }
  if (features.some(({ availability }) => availability === 'missing')) {
    io.out('\nCheck FAILED!\n');
    return EXIT_FAILED;
  }
  io.out('\nCheck passed!\n');
  if (features.every(({ availability }) => availability !== 'unknown')) return EXIT_PASSED;
  io.out('BUT: Some essential checks had to be skipped!\n');
  return EXIT_SKIPPED;
}
