// Child process of the uio benchmark: reads 4 bytes at a time and prints when each read came back, in ns of the monotonic clock.
import { writeSync } from 'node:fs';
import { HardwareKernel } from '../../src/kernel/hardware/kernel';

void main(process.argv[2] ?? '');

async function main(path: string): Promise<void> {
  const file = await new HardwareKernel().open(path, { access: 'read-write' });
  const bytes = new Uint8Array(4);
  writeSync(1, 'ready\n');
  for (;;) {
    file.readHere(bytes);
    // hrtime.bigint() would take 0.2 µs more of what is measured.
    const [seconds, nanoseconds] = process.hrtime();
    writeSync(1, `${BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)}\n`);
  }
}
