import {
  cellStateName,
  cpuSetOf,
  cpusOf,
  formatCpuList,
  formatCpuMask,
  irqchipPins,
  irqchipsHold,
  isSubPage,
  ivshmemVersion,
  memoryFlagsOf,
  statistics,
  v2Doorbell,
} from '../../../src/abi/jailhouse';
import { bdf, formatBdf, formatPciAddress, parseBdf } from '../../../src/abi/pci/bdf';
import { decodeText, encodeText } from '../../../src/abi/text';

describe('CPU sets as the kernel prints them', () => {
  test.each<[number[], number, string, string]>([
    [[0, 1, 2, 3], 4, 'f', '0-3'],
    [[0, 1, 2, 3, 4, 5], 6, '3f', '0-5'],
    [[3], 4, '8', '3'],
    [[0, 2, 3], 4, 'd', '0,2-3'],
    [[], 4, '0', ''],
    [[], 40, '00,00000000', ''],
    [[0, 33], 40, '02,00000001', '0,33'],
    [[31], 32, '80000000', '31'],
    [[32], 33, '1,00000000', '32'],
  ])('%j of %d', (cpus, nrCpuIds, mask, list) => {
    expect([formatCpuMask(cpus, nrCpuIds), formatCpuList(cpus)]).toEqual([mask, list]);
  });

  test('bytes and numbers turn into each other', () => {
    expect(cpuSetOf([0, 3, 9])).toEqual(Uint8Array.of(0x09, 0x02, 0, 0, 0, 0, 0, 0));
    expect(cpusOf(cpuSetOf([0, 3, 9, 63]))).toEqual([0, 3, 9, 63]);
    expect(() => cpuSetOf([64])).toThrow(RangeError);
  });
});

test('the highest bit of a word is a bit like the others', () => {
  const irqchip = { address: 0n, id: 0, pinBase: 32, pinBitmap: [0x8000_0001, 0, 0, 0x8000_0000] };
  expect(irqchipPins(irqchip)).toEqual([32, 63, 159]);
  expect([31, 32, 33, 63, 64, 159, 160].filter((pin) => irqchipsHold([irqchip], pin))).toEqual([32, 63, 159]);
});

test('counters of the releases', () => {
  const names = (...args: Parameters<typeof statistics>) =>
    statistics(...args).map(({ code, name }) => `${code} ${name.replace('vmexits_', '')}`);
  expect(names('arm64', 'v0.11')).toEqual([
    '0 total',
    '1 mmio',
    '2 management',
    '3 hypercall',
    '4 maintenance',
    '5 virt_irq',
    '6 virt_sgi',
    '7 psci',
    '8 smccc',
  ]);
  expect(names('arm64', 'v0.10')).toHaveLength(8);
  expect(names('arm', 'v0.10').at(-1)).toBe('8 cp15');
  expect(names('arm', 'v0.11').at(-1)).toBe('9 cp15');
  expect(names('x86', 'v0.10').slice(7)).toEqual(['7 msr', '8 cpuid', '9 xsetbv', '10 exception']);
  expect(names('x86', 'v0.11').slice(7)).toEqual([
    '7 cpuid',
    '8 xsetbv',
    '9 exception',
    '10 msr_other',
    '11 msr_x2apic_icr',
  ]);
});

test('cell states by name', () => {
  expect([0, 1, 2, 3, 4, 5].map(cellStateName)).toEqual([
    'running',
    'running/locked',
    'shut down',
    'failed',
    'Comm ABI mismatch',
    'invalid',
  ]);
});

test('PCI addresses', () => {
  expect(bdf(1, 2, 3)).toBe(0x113);
  expect(formatBdf(0x113)).toBe('01:02.3');
  expect(formatPciAddress(1, 0x08)).toBe('0001:00:01.0');
  expect(parseBdf('01:02.3')).toBe(0x113);
  for (const wrong of ['1:2.3', '00:20.0', '00:00.8', '0000:00:00.0', '']) {
    expect(parseBdf(wrong)).toBeUndefined();
  }
});

test('ivshmem devices by their ids', () => {
  expect(ivshmemVersion({ vendor: 0x1af4, device: 0x1110 })).toBe(1);
  expect(ivshmemVersion({ vendor: 0x110a, device: 0x4106 })).toBe(2);
  expect(ivshmemVersion({ vendor: 0x1af4, device: 0x4106 })).toBeUndefined();
  expect(v2Doorbell(0xffff, 2)).toBe(0xffff_0002);
});

test('irqchip pins and memory flags', () => {
  const irqchip = { address: 0n, id: 0, pinBase: 96, pinBitmap: [0x1000, 0, 0, 0x8000_0001] };
  expect(irqchipPins(irqchip)).toEqual([108, 192, 223]);
  expect(memoryFlagsOf('nxp-10')).toEqual({ ioUnaligned: 0x100n, noHugepages: 0n });
  expect(memoryFlagsOf('upstream-12')).toEqual({ ioUnaligned: 0x8000n, noHugepages: 0x100n });
  const region = { physStart: 0n, virtStart: 0x1000n, size: 0x1000n, flags: 0n };
  expect([isSubPage(region), isSubPage({ ...region, size: 4n }), isSubPage({ ...region, virtStart: 8n })]).toEqual([
    false,
    true,
    true,
  ]);
});

test('text keeps every byte', () => {
  for (const bytes of [
    [0x61, 0xc3, 0xbc],
    [0xff, 0x80],
    [0xed, 0xb0, 0x80],
    [0xef, 0xbb, 0xbf, 0x61],
  ]) {
    expect([...encodeText(decodeText(Uint8Array.from(bytes)))]).toEqual(bytes);
  }
  expect(decodeText(encodeText('zelle-ü'))).toBe('zelle-ü');
});
