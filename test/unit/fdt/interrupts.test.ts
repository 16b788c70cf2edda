import {
  DeviceTree,
  FdtError,
  interruptMap,
  interruptParent,
  interrupts,
  parse,
  references,
  routedInterrupts,
  routedMap,
} from '../../../src/fdt';
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
      {
        unitAddress: 0n,
        childCells: [1],
        controller: 'interrupt-controller',
        parentUnitAddress: 0n,
        cells: [0, 125, 4],
      },
      {
        unitAddress: 0n,
        childCells: [2],
        controller: 'interrupt-controller',
        parentUnitAddress: 0n,
        cells: [0, 124, 4],
      },
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

describe('followed through maps', () => {
  /** The PCI device of the fixture, with INTA or another pin, and its host changed. */
  const routed = (pin: number, edit: (copy: DeviceTree) => unknown = () => undefined) => {
    const copy = tree.clone();
    copy.get('/soc/pcie/device').set('interrupts', pin);
    edit(copy);
    const [device, host] = [copy.get('/soc/pcie/device'), copy.get('/soc/pcie')];
    const shown = (all: ReturnType<typeof routedMap>) =>
      all.map(({ controller, cells }) => [controller.baseName, ...cells]);
    return { device: shown(routedInterrupts(copy, device)), host: shown(routedMap(copy, host)) };
  };

  test('a device behind a nexus has the line that the map names for its pin', () => {
    expect(routed(1).device).toEqual([['interrupt-controller', 0, 125, 4]]);
    expect(routed(2).device).toEqual([['interrupt-controller', 0, 124, 4]]);
    expect(routed(2).host).toEqual([
      ['interrupt-controller', 0, 125, 4],
      ['interrupt-controller', 0, 124, 4],
    ]);
  });

  test('a pin that the map does not have is wired to nothing', () => {
    expect(routed(3).device).toEqual([]);
  });

  test('the mask says what of address and pin counts', () => {
    // The device's address counts too, and the map has none of it.
    const strict = (copy: DeviceTree) => copy.get('/soc/pcie').set('interrupt-map-mask', [0xffffffff, 0, 0, 7]);
    expect(routed(1, strict).device).toEqual([]);
    expect(routed(9).device).toEqual([['interrupt-controller', 0, 125, 4]]);
    expect(routed(9, (copy) => copy.get('/soc/pcie').unset('interrupt-map-mask')).device).toEqual([]);
  });

  /** A second nexus between the PCI host and the GIC: every pin goes to the given line of it. */
  const withBridge = (map: (gic: number, bridge: number) => number[]) => (copy: DeviceTree) => {
    const gic = copy.root.u32('interrupt-parent') ?? 0;
    const bridge = copy.root.add('bridge');
    bridge.set('phandle', 0x77);
    bridge.set('#address-cells', 1);
    bridge.set('#interrupt-cells', 1);
    bridge.set('interrupt-map', map(gic, 0x77));
    copy.get('/soc/pcie').set('interrupt-map', [0, 0, 0, 1, 0x77, 0x40, 8]);
  };

  test('through two of them', () => {
    const bridged = routed(
      1,
      withBridge((gic) => [0x40, 8, gic, 0, 99, 4]),
    );
    expect(bridged).toEqual({
      device: [['interrupt-controller', 0, 99, 4]],
      host: [['interrupt-controller', 0, 99, 4]],
    });
  });

  test('a circle and a mask of another length are errors', () => {
    const circle = withBridge((_, bridge) => [0x40, 8, bridge, 0x40, 8]);
    expect(errorOf(() => routed(1, circle)).message).toContain('/bridge:interrupt-map');
    const mask = (copy: DeviceTree) => copy.get('/soc/pcie').set('interrupt-map-mask', [0, 7]);
    expect(errorOf(() => routed(1, mask)).message).toContain('should be 4 cells, an address and a specifier');
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
