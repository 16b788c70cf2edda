import { parseWish } from '../../../../src/config/plan/wish';
import { parseSize, showSize } from '../../../../src/config/plan/size';

test('every word of a wish', () => {
  expect(
    parseWish('name=rt kind=linux cpus=3,1-2 ram=64M uart=uart2 device=mmc2,gpio1 spi=109,110 ivshmem=root,io:veth'),
  ).toEqual({
    name: 'rt',
    kind: 'linux',
    cpus: [1, 2, 3],
    ramBytes: 0x400_0000n,
    uart: 'uart2',
    devices: ['mmc2', 'gpio1'],
    spis: [109, 110],
    links: [
      { peer: 'root', protocol: 'undefined' },
      { peer: 'io', protocol: 'veth' },
    ],
  });
  expect(parseWish(' name=a  cpu-count=2 ')).toEqual({
    name: 'a',
    kind: 'inmate',
    cpuCount: 2,
    devices: [],
    spis: [],
    links: [],
  });
});

test.each([
  ['', 'has no name'],
  ['ram=64M', 'has no name'],
  ['name=root', 'has no name'],
  ['name=../x', 'has no name'],
  [`name=${'x'.repeat(32)}`, 'has no name'],
  ['name=a b', "'b' is not KEY=VALUE"],
  ['name=a ram=', "'ram=' is not KEY=VALUE"],
  ['name=a memory=1', "there is no 'memory'"],
  ['name=a name=b', "'name' is given twice"],
  ['name=a kind=bsd', "kind is inmate or linux, not 'bsd'"],
  ['name=a cpus=x', "cpus is a list such as 2-3 or 1,3, not 'x'"],
  ['name=a cpus=3-2', "cpus is a list such as 2-3, not '3-2'"],
  ['name=a cpus=64', "cpus is a list such as 2-3, not '64'"],
  ['name=a cpus=1 cpu-count=1', 'has both cpus and cpu-count'],
  ['name=a ram=100', "ram is a size in whole pages, such as 64M or 0x10000, not '100'"],
  ['name=a ram=0', 'ram is a size in whole pages'],
  ['name=a spi=uart', "spi is a number, not 'uart'"],
  ['name=a ivshmem=root:ip', "ivshmem is a cell, or a cell and :veth, not 'root:ip'"],
])('%j: %s', (text, message) => {
  expect(() => parseWish(text)).toThrow(message);
});

test('sizes', () => {
  expect(['64M', '64m', '512K', '1G', '0x1000', '4096', 'M', '-1', '1T', ''].map(parseSize)).toEqual([
    0x400_0000n,
    0x400_0000n,
    0x8_0000n,
    0x4000_0000n,
    0x1000n,
    4096n,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect([0x400_0000n, 0x1_0000n, 0x4000_0000n, 0x10_1000n, 3n].map(showSize)).toEqual([
    '64 MiB',
    '64 KiB',
    '1 GiB',
    '1028 KiB',
    '3 bytes',
  ]);
});
