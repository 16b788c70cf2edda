import { DeviceTree, FdtError, interruptMap, interruptParent, interrupts, parse, references } from '../../../src/fdt';
import { fixture } from './blob';

const tree = parse(fixture('board.dtb'));
const shown = (path: string) =>
  interrupts(tree, tree.get(path)).map(({ controller, cells }) => [controller.baseName, ...cells]);

function errorOf(action: () => unknown): FdtError {
  try {
    action();
  } catch (error) {
    if (error instanceof FdtError) return error;
  }
  throw new Error('no FdtError');
}

describe('interrupts', () => {
  test('of the parent that a node far above names', () => {
    expect(shown('serial0')).toEqual([['interrupt-controller', 0, 26, 4]]);
    expect(shown('/timer')).toHaveLength(4);
  });

  test('of the parent that the node names', () => {
    expect(shown('/soc/bus/i2c/pmic')).toEqual([['gpio', 5, 8]]);
  });

  test('of a controller around the node, before interrupt-parent further up', () => {
    expect(shown('/soc/gpio/on-chip')).toEqual([['gpio', 1, 4]]);
    expect(interruptParent(tree, tree.get('/soc/gpio'))?.baseName).toBe('interrupt-controller');
  });

  test('extended, of several parents', () => {
    expect(shown('/soc/bus/spi')).toEqual([
      ['interrupt-controller', 0, 107, 4],
      ['gpio', 3, 2],
    ]);
  });

  test('extended ones are taken before others', () => {
    const copy = tree.clone();
    copy.get('/soc/bus/spi').set('interrupts', [0, 1, 2]);
    expect(interrupts(copy, copy.get('/soc/bus/spi'))).toHaveLength(2);
  });

  test('none', () => {
    expect(shown('/psci')).toEqual([]);
    expect(interruptParent(new DeviceTree(), new DeviceTree().root)).toBeUndefined();
  });

  test('mapped', () => {
    const map = interruptMap(tree, tree.get('/soc/pcie'));
    expect(map.map(({ controller, ...rest }) => ({ ...rest, controller: controller.baseName }))).toEqual([
      { unitAddress: 0n, childCells: [1], controller: 'interrupt-controller', cells: [0, 125, 4] },
      { unitAddress: 0n, childCells: [2], controller: 'interrupt-controller', cells: [0, 124, 4] },
    ]);
    expect(interruptMap(tree, tree.root)).toEqual([]);
  });
});

describe('what does not fit is an error', () => {
  const errorAfter = (edit: (copy: DeviceTree) => unknown, path = 'serial0') => {
    const copy = tree.clone();
    edit(copy);
    return errorOf(() => interrupts(copy, copy.get(path)));
  };

  test('a phandle of no node', () => {
    const error = errorAfter((copy) => copy.root.set('interrupt-parent', 0x99));
    expect(error.code).toBe('E_FDT_PHANDLE');
    expect(error.message).toBe('/:interrupt-parent refers to phandle 0x99, which no node has');
  });

  test('cells that are not enough', () => {
    expect(errorAfter((copy) => copy.get('serial0').set('interrupts', [0, 1])).code).toBe('E_FDT_VALUE');
    const edit = (copy: DeviceTree) =>
      copy.get('/soc/bus/spi').set('interrupts-extended', [copy.root.u32('interrupt-parent') ?? 0, 1]);
    expect(errorAfter(edit, '/soc/bus/spi').code).toBe('E_FDT_VALUE');
  });

  test('no controller', () => {
    expect(errorAfter((copy) => copy.root.unset('interrupt-parent')).code).toBe('E_FDT_VALUE');
    expect(errorAfter((copy) => copy.get('/interrupt-controller').unset('#interrupt-cells')).code).toBe('E_FDT_VALUE');
  });

  test('a map that is cut off', () => {
    const copy = tree.clone();
    const pcie = copy.get('/soc/pcie');
    pcie.set('interrupt-map', (pcie.u32s('interrupt-map') ?? []).slice(0, -1));
    expect(errorOf(() => interruptMap(copy, pcie)).code).toBe('E_FDT_VALUE');
  });
});

test('references to clocks, with one left out', () => {
  const uart = tree.get('serial1');
  const clocks = references(tree, uart, 'clocks', '#clock-cells');
  expect(clocks.map((clock) => clock && [clock.node.name, ...clock.cells])).toEqual([
    ['clock-controller@30380000', 8],
    undefined,
    ['clock-osc'],
  ]);
  expect(references(tree, uart, 'gpios', '#gpio-cells')).toEqual([]);
});
