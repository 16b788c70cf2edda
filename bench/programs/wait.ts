// Child process of the doorbell benchmark: reports when it is ready, and whenever the UIO device interrupts.
import { openKernel } from '../../src/kernel/choose';
import { UioDevice } from '../../src/uio/uio-device';

void main();

async function main(): Promise<void> {
  const device = await UioDevice.open(await openKernel(), process.argv[2] ?? '');
  await device.armInterrupts();
  for (;;) {
    process.send?.(String(process.hrtime.bigint()));
    await device.waitForInterrupt();
  }
}
