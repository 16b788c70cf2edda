import { config as linuxDemo } from '../../../cells/imx8mm-linux-demo';
import { config as root } from '../../../cells/imx8mm-veth';
import { cpusOf, MEM_IO } from '../../../src/abi/jailhouse';
import { fdt } from '../../../src';
import { makeLinuxTree } from '../../../src/linux-cell';
import { fitTree } from '../../../src/linux-cell/tree/fit';
import { boardTree } from '../../support/board-tree';
import type { CellConfig } from '../../../src/abi/jailhouse';
import type { DeviceTree } from '../../../src/fdt';

/** The cell on the small board of boardTree: its own UART is serial1, at 0x30010000, SPI 27. */
const cell: CellConfig = {
  ...linuxDemo,
  memoryRegions: linuxDemo.memoryRegions.map((region) =>
    region.physStart === 0x30a60000n ? { ...region, physStart: 0x3001_0000n, virtStart: 0x3001_0000n } : region,
  ),
  irqchips: [{ address: 0x38800000n, id: 0, pinBase: 32, pinBitmap: [1 << 27, 0, 0, 0] }],
};
const words = (tree: DeviceTree, path: string, name: string) => tree.get(path).u32s(name);

describe('a tree made of the board’s own', () => {
  const { tree, notes } = makeLinuxTree(boardTree(), cell, root);

  test('has nothing to say', () => expect(notes).toEqual([]));

  test('can be written and read', () => {
    expect(fdt.parse(fdt.write(tree)).root.string('compatible')).toBe('jailhouse,cell');
  });

  test('the cell’s CPUs, by PSCI', () => {
    expect(cpusOf(cell.cpuSet)).toEqual([2, 3]);
    expect([...tree.get('/cpus').children].map(({ name }) => name)).toEqual(['cpu@100', 'cpu@101']);
    expect(tree.get('/cpus/cpu@100').string('enable-method')).toBe('psci');
    expect(tree.get('/psci').string('method')).toBe('smc');
  });

  test('the board’s interrupt controller', () => {
    expect(words(tree, '/interrupt-controller@38800000', 'reg')).toEqual([
      0, 0x38800000, 0, 0x10000, 0, 0x38880000, 0, 0x80000,
    ]);
  });

  test('the UART whose interrupt the cell has, as the console, by the number that it has in the root cell', () => {
    expect([...tree.root.children].map(({ name }) => name)).toContain('serial@30010000');
    expect(words(tree, '/serial@30010000', 'interrupts')).toEqual([0, 27, 4]);
    expect(tree.get('/chosen').string('stdout-path')).toBe('/serial@30010000');
    expect(tree.get('/aliases').string('serial1')).toBe('/serial@30010000');
    const [clock] = words(tree, '/serial@30010000', 'clocks') ?? [];
    expect(tree.byPhandle(clock ?? 0)?.u32('clock-frequency')).toBe(24_000_000);
  });

  test('the virtual PCI host, with the cell’s interrupts', () => {
    expect(words(tree, '/pci@bb800000', 'reg')).toEqual([0, 0xbb800000, 0, 0x100000]);
    expect(words(tree, '/pci@bb800000', 'ranges')).toEqual([0x02000000, 0, 0xbb900000, 0, 0xbb900000, 0, 0x2000]);
    expect(words(tree, '/pci@bb800000', 'interrupt-map')?.slice(0, 8)).toEqual([0, 0, 0, 1, 1, 0, cell.vpciIrqBase, 1]);
  });
});

describe('what is missing is said', () => {
  const notesOf = (changed: Partial<CellConfig>, system: typeof root | undefined = root) =>
    makeLinuxTree(boardTree(), { ...cell, ...changed }, system).notes;

  test('no UART at all', () => {
    const memoryRegions = cell.memoryRegions.filter(({ flags }) => (flags & MEM_IO) === 0n);
    expect(notesOf({ memoryRegions })).toEqual([
      'cell "linux-inmate-demo" has no UART of the board: Linux will be silent',
    ]);
  });

  test('a UART without its interrupt', () => {
    expect(notesOf({ irqchips: [] })).toEqual([
      'cell "linux-inmate-demo" has serial@30010000 but not its interrupt, SPI 27: Linux prints to it with earlycon only',
    ]);
  });

  test('what Jailhouse was enabled with', () => {
    expect(makeLinuxTree(boardTree(), cell, undefined).notes).toEqual([
      'what Jailhouse was enabled with is not known: the tree has no virtual PCI host, and Linux will not see ivshmem devices',
    ]);
    expect(notesOf({ pciDevices: [] })).toEqual([]);
  });

  test('a CPU that the board does not have is an error', () => {
    const cpuSet = Uint8Array.of(0b1000_0000, 0, 0, 0, 0, 0, 0, 0);
    expect(() => makeLinuxTree(boardTree(), { ...cell, cpuSet }, root)).toThrow(
      expect.objectContaining({ code: 'E_LINUX_TREE', message: expect.stringContaining('has no CPU 7') }),
    );
  });
});

describe('a tree is fitted to the cell (jailhouse-tools reference 11.3)', () => {
  test('memory of the board goes, that of the cell comes: not the loader’s', () => {
    const tree = boardTree();
    fitTree(tree, linuxDemo, {});
    expect(tree.find('/memory@40000000')).toBeUndefined();
    expect(words(tree, '/memory', 'reg')).toEqual([0, 0x93c00000, 0, 0x24000000]);
    expect(tree.get('/chosen').has('bootargs')).toBe(false);
  });

  test('what is there is overwritten', () => {
    const tree = boardTree();
    tree.root.add('memory').set('device_type', 'memory').set('reg', [0, 0, 0, 0]);
    tree.get('/chosen').set('bootargs', 'quiet');
    fitTree(tree, linuxDemo, { commandLine: 'console=ttymxc3', initrd: { start: 0x9800_0000n, sizeBytes: 5000 } });
    expect(words(tree, '/memory', 'reg')).toEqual([0, 0x93c00000, 0, 0x24000000]);
    expect(tree.get('/chosen').string('bootargs')).toBe('console=ttymxc3');
    expect(words(tree, '/chosen', 'linux,initrd-start')).toEqual([0, 0x98000000]);
    expect(words(tree, '/chosen', 'linux,initrd-end')).toEqual([0, 0x98000000 + 5000]);
  });

  test('cells of one word, and an empty command line, which changes nothing', () => {
    const tree = new fdt.DeviceTree();
    tree.root.set('#address-cells', 1).set('#size-cells', 1).add('chosen').set('bootargs', 'quiet');
    fitTree(tree, linuxDemo, { commandLine: '', initrd: { start: 0x9800_0000n, sizeBytes: 1 } });
    expect(words(tree, '/memory', 'reg')).toEqual([0x93c00000, 0x24000000]);
    expect(words(tree, '/chosen', 'linux,initrd-end')).toEqual([0x98000001]);
    expect(tree.get('/chosen').string('bootargs')).toBe('quiet');
  });
});
