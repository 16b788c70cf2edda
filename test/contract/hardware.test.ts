import { existsSync, readFileSync } from 'node:fs';
import { HardwareKernel } from '../../src/kernel/hardware/kernel';
import { kernelContract } from './kernel-contract';

const reason = whyNot();
if (reason === undefined) {
  kernelContract('hardware', async () => new HardwareKernel());
} else {
  test.skip(`kernel contract: hardware (skipped: ${reason})`, () => undefined);
}

function whyNot(): string | undefined {
  if (!existsSync('/dev/jailhouse')) {
    return 'this machine has no /dev/jailhouse';
  }
  return readFileSync('/sys/devices/jailhouse/enabled', 'utf8') === '0\n' ? undefined : 'Jailhouse is in use here';
}
