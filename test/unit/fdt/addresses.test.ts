import {
  addressCells,
  cpuRegions,
  DeviceTree,
  FdtError,
  parse,
  ranges,
  reg,
  sizeCells,
  translateAddress,
} from '../../../src/fdt';
import { fixture } from './blob';

const tree = parse(fixture('board.dtb'));

function errorOf(action: () => unknown): FdtError {
  try {
    action();
  } catch (error) {
    if (error instanceof FdtError) return error;
  }
  throw new Error('no FdtError');
}

describe('reg', () => {
  test('in the cells that the parent says', () => {
    expect(reg(tree.get('/memory'))).toEqual([
      { address: 0x4000_0000n, sizeBytes: 0xc000_0000n },
      { address: 0x1_0000_0000n, sizeBytes: 0x4000_0000n },
    ]);
    expect(reg(tree.get('serial0'))).toEqual([{ address: 0x3086_0000n, sizeBytes: 0x1_0000n }]);
    expect(reg(tree.get('/cpus/cpu@1'))).toEqual([{ address: 1n, sizeBytes: 0n }]);
    expect(reg(tree.get('/soc/pcie/device'))[0]).toEqual({
      address: 0x8200_0000_0000_0000_1810_0000n,
      sizeBytes: 0x1000n,
    });
    expect(reg(tree.get('/psci'))).toEqual([]);
    expect(reg(tree.root)).toEqual([]);
  });

  test('2 and 1 cells where nothing is said', () => {
    const { root } = new DeviceTree();
    expect([addressCells(root), sizeCells(root)]).toEqual([2, 1]);
    expect(reg(root.add('n').set('reg', [1, 2, 3]))).toEqual([{ address: 0x1_0000_0002n, sizeBytes: 3n }]);
  });

  test('that does not fit is an error', () => {
    const { root } = new DeviceTree();
    const node = root.add('n').set('reg', [1, 2]);
    expect(errorOf(() => reg(node))).toMatchObject({
      code: 'E_FDT_VALUE',
      message: '/n:reg (8 bytes) should be entries of 2 + 1 cells',
    });
    root.set('#address-cells', 0).set('#size-cells', 0);
    expect(errorOf(() => reg(node)).code).toBe('E_FDT_VALUE');
    root.set('#address-cells', 1_000_000);
    expect(errorOf(() => reg(node)).message).toBe('/:#address-cells is 1000000, more than 16');
  });
});

describe('the CPU address', () => {
  test('through one bus and two', () => {
    expect(cpuRegions(tree.get('/soc/clock-controller'))).toEqual([{ address: 0x3038_0000n, sizeBytes: 0x1_0000n }]);
    expect(cpuRegions(tree.get('/soc/bus/spi'))).toEqual([
      { address: 0x30bb_0000n, sizeBytes: 0x1_0000n },
      { address: 0x8000_0000n, sizeBytes: 0x80_0000n },
    ]);
  });

  test('at the root it is the address', () => {
    expect(cpuRegions(tree.get('/memory'))).toEqual(reg(tree.get('/memory')));
    expect(translateAddress(tree.root, 5n)).toBe(5n);
  });

  test('is missing behind a bus without ranges, and outside of them', () => {
    expect(cpuRegions(tree.get('/soc/bus/i2c/pmic'))).toEqual([]);
    expect(cpuRegions(tree.get('/cpus/cpu@0'))).toEqual([]);
    expect(translateAddress(tree.get('/soc'), 0x3e00_0000n)).toBeUndefined();
    expect(translateAddress(tree.get('/soc/bus'), 0x307f_ffffn)).toBeUndefined();
    expect(translateAddress(tree.get('/soc/bus'), 0x08ff_ffffn)).toBe(0x80ff_ffffn);
    expect(translateAddress(tree.get('/soc/bus'), 0x0900_0000n)).toBeUndefined();
  });

  test('of PCI memory, whatever its other flags; configuration space has none', () => {
    expect(cpuRegions(tree.get('/soc/pcie/device'))).toEqual([{ address: 0x1810_0000n, sizeBytes: 0x1000n }]);
    const pcie = tree.get('/soc/pcie');
    expect(translateAddress(pcie, (0x4200_0000n << 64n) | 0x1800_0010n)).toBe(0x1800_0010n);
    expect(translateAddress(pcie, (0x0100_0000n << 64n) | 0x20n)).toBe(0x1ff8_0020n);
    expect(translateAddress(pcie, (0x0300_0000n << 64n) | 0x1800_0010n)).toBeUndefined();
  });

  test('through empty ranges it stays', () => {
    const { root } = new DeviceTree();
    const bus = root.add('bus').set('ranges', true);
    expect(ranges(bus)).toEqual([]);
    expect(cpuRegions(bus.add('n').set('reg', [1, 2, 3]))).toEqual([{ address: 0x1_0000_0002n, sizeBytes: 3n }]);
  });

  test('ranges as they are', () => {
    expect(ranges(tree.get('/soc'))).toEqual([
      { busAddress: 0n, parentAddress: 0n, sizeBytes: 0x3e00_0000n },
      { busAddress: 0x4000_0000n, parentAddress: 0x8000_0000n, sizeBytes: 0x1000_0000n },
    ]);
    expect(ranges(tree.get('/cpus'))).toBeUndefined();
  });
});
