import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inPackage } from './harness/paths';
import { run as runProgram } from './harness/process';
import type { Sampled } from './programs/large-board';
import type { Benchmark, Row } from './harness/result';

export const sampling: Benchmark = {
  name: 'sampling',
  title: 'Watching a large board',
  method: `16 cells with 8 CPUs and 9 counters each, which no board has. So the hardware backend reads a made-up \`/sys/devices/jailhouse\` in a
mount namespace of its own, whose 1152 counters are attributes of this machine's real sysfs; there is no hypervisor to be asked behind
them. \`cellvisor stats --json\` samples it once a second, 20 times: its share of one core, and its peak of resident memory.
\`cellvisor exporter\` is scraped 50 times, every 100 ms, over a kept connection: the median until the whole answer is there.`,
  run,
};

/** Inside of the namespace, this machine's sysfs is at $0, and /sys is empty. */
const SETUP = 'mount --rbind /sys "$0" && mount -t tmpfs none /sys && exec "$@"';

async function run(): Promise<Row[]> {
  const sysfs = mkdtempSync(join(tmpdir(), 'cellvisor-sysfs-'));
  try {
    const inNamespace = ['--mount', 'sh', '-c', SETUP, sysfs];
    const { status, stderr } = spawnSync('unshare', [...inNamespace, 'true'], { encoding: 'utf8' });
    if (status !== 0) {
      console.error(`sampling: skipped, unshare --mount needs root: ${stderr}`);
      return [];
    }
    const program = inPackage('dist/bench/programs/large-board.js');
    const { stdout } = await runProgram('unshare', [...inNamespace, process.execPath, program, sysfs]);
    const sampled = JSON.parse(stdout) as Sampled;
    const atMost = (value: number) => ({ limit: 'at most', value, of: 'value' }) as const;
    return [
      { what: 'a sample a second', value: sampled.corePercent, unit: '% of a core', target: atMost(2) },
      { what: 'peak memory meanwhile', value: sampled.peakMegabytes, unit: 'MB', target: atMost(80) },
      { what: 'a scrape', value: sampled.scrapeMs, unit: 'ms', target: atMost(20) },
      { what: 'processor time of a scrape', value: sampled.scrapeCpuMs, unit: 'ms' },
    ];
  } finally {
    rmdirSync(sysfs);
  }
}
