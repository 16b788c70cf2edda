import { DeviceTree, parse, printDts, write } from '../../../../src/fdt';
import { nxpGuestMemory, upstreamGuestMemory } from '../../../../src/abi/xen/dialects/guest-memory';
import { buildGuestTree } from '../../../../src/xen/builder/device-tree/build';
import { readPartialTree } from '../../../../src/xen/builder/device-tree/partial';
import type { GuestTreeRequest } from '../../../../src/xen/builder/device-tree/request';

const request: GuestTreeRequest = {
  release: '4.17',
  map: upstreamGuestMemory,
  banks: [{ base: 0x4000_0000n, sizeBytes: 0x800_0000n }],
  ramdisk: { base: 0x47f0_0000n, sizeBytes: 0xff000n },
  vcpuCount: 1,
  bits: 64,
  gicVersion: 'v3',
  commandLine: 'console=hvc0',
  clockFrequencyHz: 0,
  hasVuart: false,
  hasVrtc: false,
  hasOptee: false,
  rngSeed: new Uint8Array(128).fill(0x5a),
  guestAddressBits: 40,
  isNxp: false,
};

const built = (changes: Partial<GuestTreeRequest> = {}) => parse(buildGuestTree({ ...request, ...changes }));

function partialTree(): DeviceTree {
  const tree = new DeviceTree();
  tree.root.set('compatible', ['fsl,imx8qm', 'x']).set('#address-cells', 2).set('#size-cells', 2);
  tree.root.add('aliases').set('serial0', '/passthrough/serial@5a070000');
  tree.root.add('gic').set('phandle', 0xfde8);
  const bus = tree.root.add('passthrough');
  bus.set('compatible', 'simple-bus').set('#address-cells', 2).set('#size-cells', 2).set('ranges', true);
  bus.add('serial@5a070000').set('reg', [0, 0x5a070000, 0, 0x1000]).set('phandle', 1);
  tree.root.add('reserved-memory').set('ranges', true);
  return tree;
}

test('the tree of the test board, property by property', () => {
  expect(printDts(built())).toMatchInlineSnapshot(`
    "/dts-v1/;

    / {
    	model = "XENVM-4.17";
    	compatible = "xen,xenvm-4.17\\0xen,xenvm";
    	interrupt-parent = <0xfde8>;
    	#address-cells = <0x02>;
    	#size-cells = <0x02>;

    	chosen {
    		bootargs = "console=hvc0";
    		linux,initrd-start = <0x00 0x47f00000>;
    		linux,initrd-end = <0x00 0x47fff000>;
    		rng-seed = <0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a 0x5a5a5a5a>;
    	};

    	cpus {
    		#address-cells = <0x01>;
    		#size-cells = <0x00>;

    		cpu@0 {
    			device_type = "cpu";
    			compatible = "arm,armv8";
    			enable-method = "psci";
    			reg = <0x00>;
    		};
    	};

    	psci {
    		compatible = "arm,psci-1.0\\0arm,psci-0.2\\0arm,psci";
    		method = "hvc";
    		cpu_off = <0x01>;
    		cpu_on = <0x02>;
    	};

    	memory@40000000 {
    		device_type = "memory";
    		reg = <0x00 0x40000000 0x00 0x8000000>;
    	};

    	interrupt-controller@3001000 {
    		compatible = "arm,gic-v3";
    		#interrupt-cells = <0x03>;
    		#address-cells = <0x00>;
    		interrupt-controller;
    		reg = <0x00 0x3001000 0x00 0x10000 0x00 0x3020000 0x00 0x1000000>;
    		linux,phandle = <0xfde8>;
    		phandle = <0xfde8>;
    	};

    	timer {
    		compatible = "arm,armv8-timer";
    		interrupts = <0x01 0x0d 0xf08 0x01 0x0e 0xf08 0x01 0x0b 0xf08>;
    		interrupt-parent = <0xfde8>;
    	};

    	hypervisor {
    		compatible = "xen,xen-4.17\\0xen,xen";
    		reg = <0x00 0x38000000 0x00 0x1000000 0x00 0x48000000 0x00 0xb8000000 0x02 0x00 0xfe 0x00>;
    		interrupts = <0x01 0x0f 0xf08>;
    		interrupt-parent = <0xfde8>;
    	};
    };
    "
  `);
});

test('its size does not depend on where the ramdisk is', () => {
  const moved = { base: 0x1_2345_6000n, sizeBytes: 0x12345n };
  expect(buildGuestTree({ ...request, ramdisk: moved }).length).toBe(buildGuestTree(request).length);
});

test('GICv2', () => {
  const gic = built({ gicVersion: 'v2' }).get('/interrupt-controller@3001000');
  expect(gic.strings('compatible')).toEqual(['arm,cortex-a15-gic', 'arm,cortex-a9-gic']);
  expect(gic.u32s('reg')).toEqual([0, 0x3001000, 0, 0x1000, 0, 0x3002000, 0, 0x2000]);
});

test('vCPUs have the affinity that Xen gives them', () => {
  const cpus = [...built({ vcpuCount: 18 }).get('/cpus').children];
  expect(cpus.map((cpu) => cpu.u32('reg'))).toEqual([...Array(16).keys(), 0x100, 0x101]);
  expect(cpus.at(-1)?.name).toBe('cpu@101');
});

test('a 32-bit guest', () => {
  const tree = built({ bits: 32 });
  expect(tree.get('/cpus/cpu@0').string('compatible')).toBe('arm,cortex-a15');
  expect(tree.get('/timer').string('compatible')).toBe('arm,armv7-timer');
});

test('the timer says its frequency when the firmware does not', () => {
  expect(built({ clockFrequencyHz: 8_000_000 }).get('/timer').u32('clock-frequency')).toBe(8_000_000);
  expect(built().get('/timer').has('clock-frequency')).toBe(false);
});

test('extended regions end where the addresses end, and are left out when small', () => {
  const regions = (changes: Partial<GuestTreeRequest>) => built(changes).get('/hypervisor').u64s('reg')?.slice(2);
  expect(regions({ guestAddressBits: 40 })).toEqual([0x4800_0000n, 0xb800_0000n, 0x2_0000_0000n, 0xfe_0000_0000n]);
  expect(regions({ guestAddressBits: 33 })).toEqual([0x4800_0000n, 0xb800_0000n]);
  expect(regions({ guestAddressBits: undefined })).toEqual([]);
  const banks = [{ base: 0x4000_0000n, sizeBytes: 0xbd00_0000n }];
  expect(regions({ banks, guestAddressBits: 40 })).toEqual([0x2_0000_0000n, 0xfe_0000_0000n]);
  const uneven = [{ base: 0x4000_0000n, sizeBytes: 0x800_1000n }];
  expect(regions({ banks: uneven, guestAddressBits: 32 })).toEqual([0x4820_0000n, 0xb7e0_0000n]);
});

test('the devices that Xen emulates', () => {
  const tree = built({ map: nxpGuestMemory, hasVuart: true, hasVrtc: true, hasOptee: true, isNxp: true });
  expect(tree.get('/sbsa-pl011').u32s('interrupts')).toEqual([0, 0, 0xf04]);
  expect(tree.get('/rtc-pl031').u32s('interrupts')).toEqual([0, 1, 0xf04]);
  expect(tree.byPhandle(tree.get('/rtc-pl031').u32('clocks') as number)?.path).toBe('/apb-pclk');
  expect(tree.get('/firmware/optee').string('method')).toBe('hvc');
  expect(() => built({ hasVrtc: true })).toThrow(/this Xen emulates no clock/);
});

test('a partial tree is merged', () => {
  const partial = { tree: readPartialTree(write(partialTree()), '/p.dtb'), file: '/p.dtb' };
  const tree = built({ partial });
  expect(tree.get('/passthrough/serial@5a070000').u32('phandle')).toBe(1);
  expect(tree.find('serial0')?.path).toBe('/passthrough/serial@5a070000');
  expect(tree.find('/reserved-memory')).toBeUndefined();
  expect(tree.find('/gic')).toBeUndefined();
  expect(tree.root.isCompatible('fsl,imx8qm')).toBe(false);
  const nxp = built({ partial, isNxp: true });
  expect(nxp.find('/reserved-memory')).toBeDefined();
  expect(nxp.root.strings('compatible')).toEqual(['xen,xenvm-4.17', 'xen,xenvm', 'fsl,imx8qm']);
});

test.each([
  ['no tree', () => Buffer.alloc(100), /^\/p\.dtb: this is no device tree.*at byte 0/],
  ['a tree cut short', () => write(partialTree()).subarray(0, 120), /^\/p\.dtb: .*at byte/],
  ['no /passthrough', () => write(new DeviceTree()), /^\/p\.dtb: the device tree has no node \/passthrough$/],
  [
    'a phandle that is taken',
    () => {
      const tree = partialTree();
      tree.get('/passthrough/serial@5a070000').set('phandle', 65001);
      return write(tree);
    },
    /^\/p\.dtb: \/passthrough\/serial@5a070000 has the phandle 65001$/,
  ],
])('%s is refused', (_, bytes, message) => {
  expect(() => readPartialTree(bytes(), '/p.dtb')).toThrow(
    expect.objectContaining({ code: 'E_XEN_IMAGE', message: expect.stringMatching(message) }),
  );
});
