import { writeFileSync } from 'node:fs';
import { oneOf, parseDuration, parseOptions, printHelp, UsageError } from '../arguments';
import { announce, parseGdbAddress } from '../gdb/address';
import { junitXml } from './junit';
import { planTrial } from './plan';
import { runTrial } from './trial';
import { explainVerdict } from './verdict';
import type { CommandIo } from '../../command';
import type { TestCase } from './junit';
import type { TrialPlan, TryOptions } from './plan';
import type { TrialResult } from './trial';

const USAGE = `Usage: cellvisor try --root CELL CELL INMATE [OPTION ...]

Runs an inmate, or a Linux kernel (Image, or gzipped), on an emulated board of its own, prints what it prints, and leaves
nothing running.
Exit code: 0 when all expected texts came, 1 when not or when the cell failed, 2 for a wrong command line.

   --root CELL             config of the root cell (imx8mm.cell)
   --expect TEXT           text that the inmate has to print; may be given several times. Without it, the inmate
                           runs until the time is over, and must not fail
   --timeout TIME          give up after this time; default 5s
   --cmdline TEXT          command line for the inmate, or for the kernel
   --initrd FILE           for a kernel
   --dtb FILE              for a kernel; default: a tree that is made of the board's own
   --uart NAME             the UART to watch; default: the console of the cell's config
   --junit FILE            write the result as JUnit XML
   --clock real|virtual    virtual: every run is the same, and idle time is not waited for; default real
   --board TYPE            default: the board that fits the root cell
   --release RELEASE       default: the Jailhouse release that fits the configs
   --gdb ADDRESS:PORT      hold the cell at its entry until GDB, which connects there, says continue. The time begins when
                           GDB detaches; its kill ends the inmate, with exit code 1
`;

const OPTIONS = {
  root: { type: 'string' },
  expect: { type: 'string', multiple: true },
  timeout: { type: 'string' },
  cmdline: { type: 'string' },
  initrd: { type: 'string' },
  dtb: { type: 'string' },
  uart: { type: 'string' },
  junit: { type: 'string' },
  clock: { type: 'string' },
  board: { type: 'string' },
  release: { type: 'string' },
  gdb: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** `cellvisor try`. */
export async function tryInmate(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
  if (values.help) return printHelp(io, USAGE);
  const [cellFile, inmateFile, ...others] = positionals;
  if (values.root === undefined) throw new UsageError('--root is missing', USAGE);
  if (cellFile === undefined || inmateFile === undefined || others.length > 0) {
    throw new UsageError('a cell and an inmate are needed', USAGE);
  }
  const options: TryOptions = {
    rootFile: values.root,
    cellFile,
    inmateFile,
    initrdFile: values.initrd,
    dtbFile: values.dtb,
    cmdline: values.cmdline,
    expected: values.expect ?? [],
    timeoutMs: parseDuration(values.timeout ?? '5s', '--timeout', USAGE),
    uart: values.uart,
    clock: oneOf(values.clock, '--clock', ['real', 'virtual'], USAGE) ?? 'real',
    board: values.board,
    release: values.release,
    gdb: values.gdb === undefined ? undefined : parseGdbAddress(values.gdb, '--gdb', USAGE),
  };
  const plan = await planTrial(options);
  const result = await runTrial(plan, {
    shown: (text) => io.out(text),
    awaitsGdb: (address) => announce(io, plan.cellName, address, 'is held at its entry'),
  });
  const explanation = explainVerdict(plan, result);
  if (explanation !== undefined) io.err(explanation);
  if (values.junit !== undefined) writeFileSync(values.junit, junitXml(suiteOf(plan, result, explanation)));
  return result.verdict.kind === 'passed' ? 0 : 1;
}

function suiteOf(plan: TrialPlan, { verdict, output, elapsedNs }: TrialResult, explanation: string | undefined) {
  const missing = verdict.kind === 'missing' ? verdict.texts : [];
  const texts: TestCase[] = plan.expected.map((text) =>
    missing.includes(text) ? { name: `prints '${text}'`, failure: explanation ?? '' } : { name: `prints '${text}'` },
  );
  const hasEnded = verdict.kind === 'failed' || verdict.kind === 'killed';
  const runs: TestCase = hasEnded ? { name: 'runs', failure: explanation ?? '' } : { name: 'runs' };
  return { name: plan.cellName, seconds: Number(elapsedNs) / 1e9, cases: [runs, ...texts], output };
}
