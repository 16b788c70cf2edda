import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mask } from './masks';

/**
 * The guide's two sessions and a fault, as `npm run demo` plays them: the same commands in processes of their own, on an
 * emulated board; once by messages to it, once by system calls through the bridge, with the same output. UPDATE_TRANSCRIPTS=1 writes the golden files anew; read the difference before you commit it.
 */
const root = join(__dirname, '../..');

const backends = ['emulated', 'bridge'] as const;
type Backend = (typeof backends)[number];

test.each(['gic', 'ivshmem', 'fault'].flatMap((session) => backends.map((backend) => [session, backend] as const)))(
  '%s, %s',
  async (session, backend) => {
    const { code, stdout, stderr } = await play(session, backend);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const golden = join(__dirname, `${session}.txt`);
    if (process.env['UPDATE_TRANSCRIPTS']) {
      writeFileSync(golden, mask(stdout));
    }
    expect(mask(stdout)).toBe(readFileSync(golden, 'utf8'));
  },
  60_000,
);

function play(session: string, backend: Backend): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['scripts/demo.mjs', session], {
    cwd: root,
    env: { ...process.env, CELLVISOR_DEMO_BACKEND: backend },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}
