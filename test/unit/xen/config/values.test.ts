import {
  parseCpuMask,
  parseDiskSpec,
  parseVifSpec,
  resolveCpuMask,
  generateMac,
  generateUuid,
} from '../../../../src/xen/config';
import { parseInterrupt, parseIoMemory } from '../../../../src/xen/config/passthrough';
import { parseRate } from '../../../../src/xen/config/rate';
import { parseVi2cSpec } from '../../../../src/xen/config/vi2c-spec';
import { read, readError } from './reading';

describe('CPU masks', () => {
  const topology = { cpuCount: 6, nodeOf: (cpu: number) => (cpu < 4 ? 0 : 1) };
  test.each([
    ['all', [0, 1, 2, 3, 4, 5]],
    ['0-3,^1', [0, 2, 3]],
    ['2', [2]],
    ['node:1', [4, 5]],
    ['nodes:0-1,^5', [0, 1, 2, 3, 4]],
    ['all,^node:0', [4, 5]],
    ['all,^nodes:1', [0, 1, 2, 3]],
    ['^1,0-1', [0, 1]],
    [' 1 , 3 ', [1, 3]],
    ['9', [9]],
  ])('%s', (text, cpus) => {
    expect(resolveCpuMask(parseCpuMask(text, 'cpus', 1), topology)).toEqual(cpus);
  });
  test.each(['x', '3-1', '1-', '-1', '', '1,,2', '99999999', 'node:', '0-99999'])('%j is none', (text) => {
    expect(() => parseCpuMask(text, 'cpus', 1)).toThrow(`Invalid pcpu range: ${text}.`);
  });
});

describe('iomem', () => {
  test.each([
    ['5a060,1', 0x5a060n, 1n, undefined],
    ['0x5a060,0x10', 0x5a060n, 0x10n, undefined],
    ['5A060,0x10@5b000', 0x5a060n, 0x10n, 0x5b000n],
    [' 0x5a060 , 10 @ 0x5b000 ', 0x5a060n, 0x10n, 0x5b000n],
    ['5a060, 1', 0x5a060n, 1n, undefined],
  ])('%j', (text, firstFrame, frameCount, firstGuestFrame) => {
    expect(parseIoMemory(text, 1)).toEqual({ firstFrame, frameCount, firstGuestFrame });
  });
  test.each(['', '5a060', 'xyz,1', '1,0', '1,1@', '1,1,1', '1 1', 'ffffffffffffffff,1'])('%j is none', (text) => {
    expect(() => parseIoMemory(text, 1)).toThrow(`xl: Invalid argument parsing iomem: ${text}`);
  });
});

test.each(['31', '1020', 'x', '', '-5', '4294967296'])('irq %j is none', (text) => {
  expect(() => parseInterrupt(text, 1)).toThrow(/^xl: /);
});

describe('disks', () => {
  const disk = { target: '/a', format: 'raw', virtualDevice: 'xvda', isWritable: true, isCdrom: false };
  test.each([
    ['/a,raw,xvda,rw', disk],
    ['/a,,xvda,w', disk],
    ['/a,,xvda', disk],
    ['phy:/a,xvda,w', disk],
    ['file:/a,xvda,w', disk],
    ['tap:aio:/a,xvda,w', disk],
    ['vdev=xvda,target=/a', disk],
    ['format=raw, vdev=xvda, access=rw, target=/a', disk],
    ['vdev=xvda,target=/a,b', { ...disk, target: '/a,b' }],
    ['vdev=xvda,target=/a,', disk],
    ['/a,qcow2,sda3,ro', { ...disk, format: 'qcow2', virtualDevice: 'sda3', isWritable: false }],
    ['/a,raw,xvda:cdrom,r', { ...disk, isWritable: false, isCdrom: true }],
    [',,xvda:cdrom,r', { ...disk, target: '', format: 'empty', isWritable: false, isCdrom: true }],
    ['iscsi:x,xvda,w', { ...disk, target: 'x', script: 'block-iscsi' }],
    ['/a,raw,xvda,rw,backendtype=qdisk', { ...disk, backendType: 'qdisk' }],
    [
      'vdev=xvda,no-discard,direct-io-safe,untrusted,target=/a',
      { ...disk, discardEnabled: false, directIoSafe: true, isTrusted: false },
    ],
  ])('%s', (text, expected) => {
    expect(parseDiskSpec(text, 'f')).toEqual(expected);
  });
  test.each([
    ['', 'no vdev specified'],
    ['/a', 'no vdev specified'],
    ['vdev=xvda', 'no target specified'],
    ['format=empty,vdev=xvda', 'no target specified'],
    ['/a,raw,xvda,rw,/b', "too many positional parameters: near `/b'"],
    ['/a,raw,xvda,x', "unknown value for access: near `x'"],
    ['/a,vmdk,xvda', "unknown value for format: near `vmdk'"],
    ['vdev=xvda,backendtype=x,target=/a', "unknown value for backendtype: near `x'"],
    ['vdev=xvda,foo=x,target=/a', "unknown parameter: near `foo=x'"],
    ['/b,raw,vdev=xvda,target=/a', 'target specified twice'],
  ])('%j: %s', (text, problem) => {
    expect(() => parseDiskSpec(text, 'f')).toThrow(`f: config parsing error in disk specification: ${problem}`);
  });
});

describe('interfaces', () => {
  const parse = (text: string) => {
    const warnings: string[] = [];
    return [parseVifSpec(text, 3, 'f', (line) => warnings.push(line)), warnings];
  };
  test('all keys', () => {
    const text =
      'mac=0:16:3E:1:2:3,bridge=b,ip=10.0.0.1,script=s,vifname=v,model=m,type=ioemu,backend=net,gatewaydev=g,mtu=1400,rate=1MB/s@20ms,untrusted,devid=7';
    expect(parse(text)).toEqual([
      {
        deviceId: 7,
        mac: '00:16:3e:01:02:03',
        bridge: 'b',
        ip: '10.0.0.1',
        script: 's',
        interfaceName: 'v',
        model: 'm',
        type: 'ioemu',
        backendDomain: 'net',
        gatewayDevice: 'g',
        mtu: 1400,
        rate: { bytesPerInterval: 20_000n, intervalMicroseconds: 20_000 },
        isTrusted: false,
      },
      [],
    ]);
  });
  test('what is unknown or wrong has no effect', () => {
    expect(parse('foo=1,mac=zz,bridge,mtu=x')).toEqual([
      { deviceId: 3 },
      [
        "unrecognized argument `foo=1'",
        "Invalid parameter `mac'.",
        "unrecognized argument `bridge'",
        "Invalid parameter `mtu'.",
      ],
    ]);
  });
  test.each(['', '10', '10Mb', '10Mb/s@', '10Mb/s@0s', '1e3b/s', '-1b/s', '1Mb/s@99999s'])(
    'rate %j is none',
    (text) => {
      expect(() => parseRate(text, 'f')).toThrow(`f: config parsing error in vif: invalid rate in \`${text}'`);
    },
  );
});

test.each([
  '',
  'backend=0',
  'be-adapter=x',
  'be-adapter=x,slaves=',
  'be-adapter=x,slaves=0x80',
  'be-adapter=x,slaves=1,foo=2',
])('vi2c %j is none', (text) => {
  expect(() => parseVi2cSpec(text, 1)).toThrow(`xl: Invalid argument parsing vi2c: ${text}`);
});

test('generated names are of the right form', () => {
  expect(generateMac()).toMatch(/^00:16:3e:[0-7][0-9a-f](:[0-9a-f]{2}){2}$/);
  expect(generateUuid()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(generateUuid()).not.toBe(generateUuid());
});

test('a syntax error has the line, the column and what was expected', () => {
  expect(readError('name = "d"\nmemory = 12 13\n')).toMatchObject({
    message: "d.cfg:2: config parsing error near `13': syntax error, unexpected NUMBER, expecting $end",
    line: 2,
    hint: "line 2, column 13: expected the end of the line, or ';'",
  });
  expect(readError('name = "d"\nmemory =\n').hint).toBe('line 2, column 9: expected a string, a number or a list');
  expect(readError('name = "d"\r\n').hint).toMatch(/CR LF/);
});

test('every syntax error is told', () => {
  expect(readError('a b\nc = 1\nd = ]\n').message.split('\n')).toHaveLength(2);
});

test('a list goes over lines, also with comments in it', () => {
  expect(read('name="d";kernel="k"\nirqs = [ # first\n 40,\n\n 41 # last\n ,\n]').config.interrupts).toEqual([40, 41]);
});

test('deep lists are refused, not run out of stack', () => {
  expect(readError(`name="d"\nx = ${'['.repeat(100_000)}\n`).hint).toMatch(/at most 64 deep/);
});

test('escapes', () => {
  expect(read('name="a\\x41\\101\\n\\t\\\\\\"\\\'"\nkernel="k"\n').config.name).toBe('aAA\n\t\\"\'');
});
