// Child process of the doorbell benchmark: reports when it is ready; rings when told to, and reports when that was.
import { openKernel } from '../../src/kernel/choose';
import { UioDevice } from '../../src/uio/uio-device';

void main();

async function main(): Promise<void> {
  const device = await UioDevice.open(await openKernel(), process.argv[2] ?? '');
  await device.position();
  process.on('message', () => {
    const rang = process.hrtime.bigint();
    void device.ring(0).then(() => process.send?.(String(rang)));
  });
  process.send?.(String(process.hrtime.bigint()));
}
