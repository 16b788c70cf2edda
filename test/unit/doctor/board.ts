import { imageHeaderLayout, IMAGE_SIGNATURE } from '../../../src/abi/jailhouse';
import { FakeKernel } from '../../support/fake-kernel';
import type { FakeDevice } from '../../support/fake-kernel';

/** Files of the fake kernel are texts: bytes below 0x80 only. */
function cells(...values: number[]): string {
  return values
    .map((value) => String.fromCharCode(...[24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff)))
    .join('');
}

/** A reserved-memory node with two cells each; addresses with bytes below 0x80. */
export function reserved(name: string, start: number, size: number, noMap = true): Record<string, string> {
  const folder = `/proc/device-tree/reserved-memory/${name}@${start.toString(16)}`;
  return { [`${folder}/reg`]: cells(0, start, 0, size), ...(noMap ? { [`${folder}/no-map`]: '' } : {}) };
}

export function imageText(
  changes: Partial<Parameters<typeof imageHeaderLayout.encode>[0]> = {},
  sizeBytes = 0x1000,
): string {
  const header = imageHeaderLayout.encode({
    signature: IMAGE_SIGNATURE,
    coreSize: 0x2000n,
    percpuSize: 0x1000n,
    entry: 0x1000n,
    consolePage: 0x1000n,
    gcovInfoHead: 0n,
    maxCpus: 0,
    onlineCpus: 0,
    debugConsoleBase: 0n,
    armLinuxHypVectors: 0n,
    armLinuxHypAbi: 0,
    ...changes,
  });
  return String.fromCharCode(...header).padEnd(sizeBytes, '\0');
}

/** A board on which enable works: four CPUs, 1 GiB of RAM at 0x40000000 with the hypervisor's memory at 0x7d400000. */
export function healthyFiles(): Record<string, string> {
  return {
    '/proc/cpuinfo': 'processor\t: 0\nCPU implementer\t: 0x41\nCPU architecture: 8\n',
    '/proc/version': 'Linux version 4.14.98-imx\n',
    '/proc/iomem':
      '40000000-7d3fffff : System RAM\n  40080000-40ffffff : Kernel code\n7d400000-7d7fffff : reserved\n7d800000-7fffffff : System RAM\n',
    '/proc/device-tree/#address-cells': cells(2),
    '/proc/device-tree/#size-cells': cells(2),
    '/proc/device-tree/memory@40000000/reg': cells(0, 0x40000000, 0, 0x40000000),
    '/proc/device-tree/reserved-memory/#address-cells': cells(2),
    '/proc/device-tree/reserved-memory/#size-cells': cells(2),
    ...reserved('jh', 0x7d400000, 0x400000),
    '/proc/device-tree/interrupt-controller@38800000/compatible': 'arm,gic-v3\0',
    '/proc/device-tree/psci/method': 'smc\0',
    '/proc/device-tree/timer/compatible': 'arm,armv8-timer\0',
    '/sys/devices/system/cpu/present': '0-3\n',
    '/sys/devices/system/cpu/online': '0-3\n',
    '/sys/devices/system/cpu/offline': '\n',
    '/sys/devices/system/cpu/cpu1/online': '1\n',
    '/sys/devices/jailhouse/enabled': '0\n',
    '/sys/module/jailhouse/version': 'v0.10\n',
    '/sys/module/uio_ivshmem/version': '0.0.1\n',
    '/sys/bus/platform/drivers/pci-host-generic/': '',
    '/lib/firmware/jailhouse.bin': imageText(),
  };
}

/** The healthy board with changes: `undefined` removes a file or device. */
export function boardWith(
  files: Record<string, string | undefined> = {},
  devices: Record<string, FakeDevice | undefined> = {},
): FakeKernel {
  const present = <T>(values: Record<string, T | undefined>) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Record<string, T>;
  const log: FakeDevice = { reads: ['6,0,0,-;CPU: All CPU(s) started at EL2\n', 'EAGAIN'] };
  return new FakeKernel(
    present({ ...healthyFiles(), ...files }),
    present({ '/dev/jailhouse': {}, '/dev/kmsg': log, ...devices }),
  );
}
