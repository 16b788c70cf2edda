import { DeviceTree, parse, printDts, printProperty } from '../../../src/fdt';
import { fixture, fixtureText } from './blob';

test.each(['board', 'values'])('%s is printed as dtc printed it', (name) => {
  expect(printDts(parse(fixture(`${name}.dtb`)))).toBe(fixtureText(`${name}.printed.dts`));
});

test('an empty tree', () => {
  expect(printDts(new DeviceTree())).toBe('/dts-v1/;\n\n/ {\n};\n');
});

test('one property', () => {
  const { root } = new DeviceTree();
  root.set('reg', [0, 0x30890000]).set('no-map', true).set('status', 'okay');
  expect([...root.properties].map(printProperty)).toEqual(['reg = <0x00 0x30890000>;', 'no-map;', 'status = "okay";']);
});
