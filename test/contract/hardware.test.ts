import { existsSync, readFileSync } from 'node:fs';
import { HardwareKernel } from '../../src/kernel/hardware/kernel';
import { ivshmemContract, ivshmemFiles } from './ivshmem-contract';
import { kernelContract } from './kernel-contract';

const openKernel = async () => new HardwareKernel();
const reason = whyNot();
const board = whichBoard();

if (reason === undefined) {
  kernelContract('hardware', openKernel);
} else {
  test.skip(`kernel contract: hardware (skipped: ${reason})`, () => undefined);
}
if (reason === undefined && board !== undefined) {
  ivshmemContract('hardware', openKernel, () => ivshmemFiles(board));
} else {
  test.skip(`ivshmem contract: hardware (skipped: ${reason ?? 'no i.MX 8M Mini or 8M Quad'})`, () => undefined);
}

function whyNot(): string | undefined {
  if (!existsSync('/dev/jailhouse')) {
    return 'this machine has no /dev/jailhouse';
  }
  return readFileSync('/sys/devices/jailhouse/enabled', 'utf8') === '0\n' ? undefined : 'Jailhouse is in use here';
}

/** As the machine's device tree says. */
function whichBoard(): 'imx8mm' | 'imx8mq' | undefined {
  const path = '/proc/device-tree/compatible';
  const compatible = existsSync(path) ? readFileSync(path, 'latin1') : '';
  return compatible.includes('fsl,imx8mm') ? 'imx8mm' : compatible.includes('fsl,imx8mq') ? 'imx8mq' : undefined;
}
