import type { SystemConfig } from '../../../src/abi/jailhouse';
import type { FakeMachine } from '../../support/fake-machine';

const ECAM_DEVICE_BYTES = 0x1000n;

/** Gives a fake machine the config space of one ivshmem v1 device in INTx mode (jailhouse-hypervisor reference 10.2). */
export function addIvshmemV1(machine: FakeMachine, system: SystemConfig, bdf: number): void {
  const device = system.rootCell.pciDevices.find((one) => one.bdf === bdf);
  const shmem = system.rootCell.memoryRegions[device?.shmemRegion ?? 0];
  if (!device || !shmem) throw new Error(`no ivshmem device ${bdf}`);
  const base = system.pciMmconfigBase + BigInt(bdf) * ECAM_DEVICE_BYTES;
  const { registers } = machine;
  const set = (offset: number, value: number) => registers.set(base + BigInt(offset), value >>> 0);
  for (let offset = 0; offset < 0x100; offset += 4) set(offset, 0);
  set(0x00, 0x1110_1af4);
  set(0x04, 0x0010_0000);
  set(0x08, 0xff00_0000 | (device.shmemProtocol << 8));
  set(0x10, 4);
  set(0x2c, 0x1110_1af4);
  set(0x3c, (((bdf >> 3) & 3) + 1) << 8);
  set(0x40, Number(BigInt.asUintN(32, shmem.physStart)));
  set(0x48, Number(shmem.size));

  const next = machine.onRootWrite;
  machine.onRootWrite = (address, value) => {
    const offset = Number((address & ~3n) - base);
    const written = registers.get(address & ~3n) ?? 0;
    if (offset === 0x04) set(0x04, 0x0010_0000 | (written & 6));
    else if (offset === 0x10) set(0x10, (written & 0xffff_ff00) | 4);
    else if (offset >= 0x18 && offset < 0x28) set(offset, 0);
    else next?.(address, value);
  };
}
