import { DeviceTree } from '../../src/fdt';

/** Changes to the small board: before configs are made of it. */
export type TreeEdit = (tree: DeviceTree) => void;

/**
 * A device tree of a board with everything that configs are made of: four CPUs in two clusters, 2 GiB of RAM, a GICv3, two UARTs, a
 * GPIO and a timer that share a page, and a bus that hides an I2C device.
 */
export function boardTree(edit: TreeEdit = () => undefined): DeviceTree {
  const tree = new DeviceTree();
  const { root } = tree;
  root
    .set('#address-cells', 2)
    .set('#size-cells', 2)
    .set('model', 'Acme Board')
    .set('compatible', ['acme,board-a', 'acme,chip']);
  root.set('interrupt-parent', 1);
  root
    .add('aliases')
    .set('serial0', '/soc/serial@30000000')
    .set('serial1', '/soc/serial@30010000')
    .set('gpio0', '/soc/gpio@30020000');
  root.add('chosen').set('stdout-path', 'serial0:115200n8');
  const cpus = root.add('cpus').set('#address-cells', 1).set('#size-cells', 0);
  for (const affinity of [0, 1, 0x100, 0x101]) {
    cpus
      .add(`cpu@${affinity.toString(16)}`)
      .set('device_type', 'cpu')
      .set('compatible', 'arm,cortex-a53')
      .set('reg', affinity);
  }
  root.add('memory@40000000').set('device_type', 'memory').set('reg', [0, 0x40000000, 0, 0x80000000]);
  const gic = root.add('interrupt-controller@38800000');
  gic.set('compatible', 'arm,gic-v3').set('#interrupt-cells', 3).set('interrupt-controller', true).set('phandle', 1);
  gic.set('reg', [0, 0x38800000, 0, 0x10000, 0, 0x38880000, 0, 0x80000]).set('interrupts', [1, 9, 4]);
  const soc = root
    .add('soc')
    .set('compatible', 'simple-bus')
    .set('#address-cells', 1)
    .set('#size-cells', 1)
    .set('ranges', [0, 0, 0, 0x40000000]);
  const device = (name: string, compatible: string, reg: number[], spi: number) =>
    soc.add(name).set('compatible', compatible).set('reg', reg).set('interrupts', [0, spi, 4]);
  device('serial@30000000', 'fsl,imx6q-uart', [0x30000000, 0x10000], 26);
  device('serial@30010000', 'fsl,imx6q-uart', [0x30010000, 0x10000], 27).set('status', 'disabled');
  device('gpio@30020000', 'acme,gpio', [0x30020000, 0x200], 30);
  device('timer@30020200', 'acme,timer', [0x30020200, 0x200], 31);
  const i2c = device('i2c@30030000', 'acme,i2c', [0x30030000, 0x1000], 33)
    .set('#address-cells', 1)
    .set('#size-cells', 0);
  i2c.add('eeprom@50').set('compatible', 'acme,eeprom').set('reg', 0x50);
  edit(tree);
  return tree;
}
