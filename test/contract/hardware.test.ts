import { existsSync, readFileSync } from 'node:fs';
import { HardwareKernel } from '../../src/kernel/hardware/kernel';
import { ivshmemContract, ivshmemFiles } from './ivshmem-contract';
import { kernelContract } from './kernel-contract';

/**
 * The same suite on a real board: `CELLVISOR_TEST_BOARD=imx8mm npx jest test/contract/hardware` there, as root, with
 * jailhouse.ko and uio_ivshmem.ko loaded and the hypervisor off. bridge.test.ts runs this file against an emulated board.
 */
const BOARDS = ['imx8mm', 'imx8mq'] as const;

const chosen = process.env['CELLVISOR_TEST_BOARD'];
const board = BOARDS.find((name) => name === chosen);
const openKernel = async () => new HardwareKernel();

if (chosen === undefined) {
  test.skip('hardware (skipped: CELLVISOR_TEST_BOARD does not name the board that this runs on)', () => undefined);
} else {
  test('the board can be tested', () => {
    expect(BOARDS).toContain(chosen);
    expect(existsSync('/dev/jailhouse')).toBe(true);
    expect(readFileSync('/sys/devices/jailhouse/enabled', 'utf8')).toBe('0\n');
  });
}
if (board !== undefined) {
  kernelContract('hardware', openKernel);
  ivshmemContract('hardware', openKernel, () => ivshmemFiles(board));
}
