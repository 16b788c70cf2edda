import { cpus, MIDR_CORTEX_A57, uart } from './board-description';
import type { BoardDescription } from './board-description';

/**
 * QEMU's `virt` machine with `-cpu cortex-a57 -smp 16 -m 1G -machine gic-version=3,virtualization=on` and `mem=768M`, as
 * upstream's qemu-arm64 configs see it. A real hypervisor in QEMU can be held against this board.
 */
export const qemuArm64: BoardDescription = {
  name: 'qemu-arm64',
  model: 'linux,dummy-virt',
  cpus: cpus(16, 0x8000_0000n, MIDR_CORTEX_A57),
  physicalAddressBits: 44,
  ram: [{ physStart: 0x4000_0000n, sizeBytes: 0x4000_0000n }],
  reservedMemory: [{ name: 'mem=768M', physStart: 0x7000_0000n, sizeBytes: 0x1000_0000n }],
  gic: { gicdBase: 0x0800_0000n, gicrBase: 0x080a_0000n, spiCount: 256 },
  counterFrequencyHz: 62_500_000,
  uarts: [uart('uart0', 'pl011', 0x0900_0000n, 0x1000, 1)],
  consoleUart: 'uart0',
  firstPciIrq: 48,
};
