// Child process of the uio benchmark: reads 4 bytes at a time and prints when each read came back, in ns of the monotonic clock.
import { writeSync } from 'node:fs';
import { HardwareKernel } from '../../src/kernel/hardware/kernel';

void main(process.argv[2] ?? '');

async function main(path: string): Promise<void> {
  const file = await new HardwareKernel().open(path, { access: 'read-write' });
  writeSync(1, 'ready\n');
  for (;;) {
    await file.read(4, { mayBlock: true });
    writeSync(1, `${process.hrtime.bigint()}\n`);
  }
}
