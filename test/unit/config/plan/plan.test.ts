/** What the planner decides, on a board small enough to see through. */
import { cpusOf, irqchipPins } from '../../../../src/abi/jailhouse';
import { readBoardFacts } from '../../../../src/config/create/board-facts';
import { createConfigs, DEFAULT_DIALECT } from '../../../../src/config/create/create-configs';
import { parseWish } from '../../../../src/config/plan/wish';
import { boardTree } from '../../../support/board-tree';
import type { TreeEdit } from '../../../support/board-tree';
import type { PlanOptions } from '../../../../src/config/plan/plan-system';
import type { Corrections } from '../../../../src/config/create/board-facts';

function plan(
  wishes: readonly string[],
  { edit, corrections, ...options }: Partial<PlanOptions> & { edit?: TreeEdit; corrections?: Corrections } = {},
) {
  return createConfigs(readBoardFacts(boardTree(edit), corrections), {
    dialect: DEFAULT_DIALECT,
    deviceRegions: 'wide',
    ...options,
    wishes: wishes.map(parseWish),
  });
}

const configOf = (created: ReturnType<typeof plan>, name: string) => {
  const config = created.cells.find(({ planned }) => planned.name === name)?.config;
  if (!config) throw new Error(`no cell ${name}`);
  return config;
};
const cpusIn = (created: ReturnType<typeof plan>) =>
  Object.fromEntries(created.cells.map(({ config }) => [config.name, cpusOf(config.cpuSet)]));

test('without wishes: an inmate where Linux boots, a second Linux on the other cluster, both beside each other', () => {
  const created = plan([]);
  expect(created.findings).toEqual([]);
  expect(cpusIn(created)).toEqual({ 'inmate-demo': [1], 'linux-demo': [3] });
  expect(created.system.rootCell.pciDevices.map(({ bdf, shmemProtocol }) => [bdf, shmemProtocol])).toEqual([
    [0, 0],
    [8, 0x100],
  ]);
  // The console is shared; serial1 is Linux's own, with its interrupt.
  expect(configOf(created, 'linux-demo').irqchips.flatMap(irqchipPins)).toContain(27 + 32);
  expect(configOf(created, 'inmate-demo').console?.address).toBe(0x30000000n);
});

describe('places', () => {
  test('new ones end below the firmware, and miss what is reserved', () => {
    const edit: TreeEdit = ({ root }) => {
      const memory = root.add('reserved-memory').set('#address-cells', 2).set('#size-cells', 2).set('ranges', true);
      memory.add('dsp@bdd00000').set('no-map', true).set('reg', [0, 0xbdd00000, 0, 0x1000]);
    };
    const hypervisor = (created: ReturnType<typeof plan>) => created.plan.placement.places.hypervisor.physStart;
    expect(hypervisor(plan([]))).toBe(0xbdc00000n);
    expect(hypervisor(plan([], { edit }))).toBe(0xbd800000n);
    expect(plan([], { edit }).findings).toEqual([]);
  });

  test('what the tree reserves under the guide’s names is used, and needs no overlay', () => {
    const edit: TreeEdit = ({ root }) => {
      const memory = root.add('reserved-memory').set('#address-cells', 2).set('#size-cells', 2).set('ranges', true);
      const add = (name: string, start: number, size: number) =>
        memory
          .add(`${name}@${start.toString(16)}`)
          .set('no-map', true)
          .set('reg', [0, start, 0, size]);
      add('jh', 0xb0000000, 0x400000);
      add('inmate', 0x90000000, 0x20000000);
      add('loader', 0xb1000000, 0x100000);
      add('ivshmem', 0xb2000000, 0x200000);
      add('pci', 0xb3000000, 0x200000);
    };
    const created = plan([], { edit });
    expect(created.plan.placement.origin).toBe('tree');
    expect(created.overlay).toBeUndefined();
    expect(created.findings).toEqual([]);
    expect(created.system.hypervisorMemory.physStart).toBe(0xb0000000n);
    expect(() => plan(['name=a ram=512M', 'name=b'], { edit })).toThrow(
      'the memory that the device tree reserves as inmate',
    );
  });

  test('sizes from the command line', () => {
    const created = plan(['name=a'], { hypervisorBytes: 0x60_0000n, inmateBytes: 0x1000_0000n });
    expect(created.system.hypervisorMemory.size).toBe(0x60_0000n);
    expect(created.plan.placement.places.inmates.sizeBytes).toBe(0x1000_0000n);
    expect(() => plan(['name=a'], { inmateBytes: 0x1_0000_0000n })).toThrow(
      'there is no room for 0x100000000 bytes (inmate)',
    );
  });

  test('RAM of an inmate ends before the devices it has', () => {
    expect(() => plan(['name=a ram=1G'])).toThrow("cell 'a' with 1 GiB reaches guest address 0x30000000");
    expect(plan(['name=a ram=512M']).findings).toEqual([]);
  });
});

describe('CPUs', () => {
  test('those that are asked for, and the others around them', () => {
    expect(cpusIn(plan(['name=a', 'name=b cpus=1']))).toEqual({ a: [3], b: [1] });
    expect(cpusIn(plan(['name=a kind=linux cpu-count=2']))).toEqual({ a: [2, 3] });
    expect(cpusIn(plan(['name=a cpu-count=3']))).toEqual({ a: [1, 2, 3] });
  });

  test.each([
    [['name=a cpus=4'], "cell 'a' wants CPU 4; the board has 4 CPUs, from 0"],
    [['name=a cpus=1', 'name=b cpus=1-2'], "cells 'a' and 'b' both want CPU 1"],
    [['name=a cpus=0-3'], 'no CPU is left for the root cell'],
    [['name=a cpu-count=4'], "cell 'a' wants 4 CPUs, and 3 are free"],
    [['name=a cpu-count=0'], "cell 'a' wants 0 CPUs"],
  ])('%j: %s', (wishes, message) => {
    expect(() => plan(wishes)).toThrow(message);
  });

  test('two leave none for a second Linux', () => {
    const created = plan([], { corrections: { cpuCount: 2 } });
    expect(cpusIn(created)).toEqual({ 'inmate-demo': [1] });
    expect(created.plan.notes.join()).toContain('no Linux cell: 2 CPUs');
  });
});

describe('devices', () => {
  test('by alias, data sheet name, node name and path, with their interrupts', () => {
    for (const uart of ['serial1', 'uart2', 'serial@30010000', '/soc/serial@30010000']) {
      const created = plan([`name=a uart=${uart}`]);
      expect(configOf(created, 'a').console?.address).toBe(0x30010000n);
      expect(configOf(created, 'a').irqchips.flatMap(irqchipPins)).toEqual([27 + 32]);
    }
  });

  test('one in use is disabled for Linux; what shares its page is named', () => {
    const created = plan(['name=a device=gpio0']);
    expect(created.overlay?.source).toContain('&{/soc/gpio@30020000} {\n\tstatus = "disabled";\n};');
    expect(created.plan.notes.join('\n')).toContain('registers of timer@30020200, which Linux uses');
    expect(plan(['name=a uart=uart2']).overlay?.source).not.toContain('disabled');
  });

  test.each([
    [['name=a device=nothing'], "the device tree of chip has no device 'nothing' with registers"],
    [['name=a device=eeprom@50'], "has no device 'eeprom@50' with registers"],
    [['name=a device=serial0'], "cell 'a' cannot have serial0: the hypervisor prints to it"],
    [['name=a uart=gpio0'], "there is no UART 'gpio0'"],
    [['name=a uart=uart2', 'name=b device=serial1'], "cells 'a' and 'b' both want serial1"],
    [['name=a spi=100', 'name=b spi=100'], "cells 'a' and 'b' both want SPI 100 (INTID 132)"],
    [['name=a spi=384'], "cell 'a' wants SPI 384; the root cell has 384, from 0"],
    [['name=a', 'name=a'], "there are two cells 'a'"],
    [['name=chip'], "'chip' is the name of the root cell"],
  ])('%j: %s', (wishes, message) => {
    expect(() => plan(wishes)).toThrow(message);
  });
});

describe('links', () => {
  test('v1: one for each two cells, each with its own memory and interrupts', () => {
    const created = plan(['name=a ivshmem=root,b', 'name=b ivshmem=a,root:veth']);
    expect(created.findings).toEqual([]);
    const bdfs = (config: { pciDevices: readonly { bdf: number }[] }) => config.pciDevices.map(({ bdf }) => bdf >> 3);
    expect(bdfs(created.system.rootCell)).toEqual([0, 2]);
    expect(bdfs(configOf(created, 'a'))).toEqual([0, 1]);
    expect(bdfs(configOf(created, 'b'))).toEqual([1, 2]);
    const pins = ['a', 'b'].flatMap((name) => configOf(created, name).irqchips.flatMap(irqchipPins));
    expect(new Set(pins).size).toBe(pins.length);
  });

  test('v2: all that a wish names have one together, at different ends', () => {
    const created = plan(['name=a ivshmem=root,b', 'name=b ivshmem=a'], { dialect: 'upstream-14' });
    expect(created.findings).toEqual([]);
    const ends = [created.system.rootCell, configOf(created, 'a'), configOf(created, 'b')].map(
      ({ pciDevices }) => pciDevices,
    );
    expect(ends.map((devices) => devices.map(({ shmemDevId, shmemPeers }) => [shmemDevId, shmemPeers]))).toEqual([
      [[0, 3]],
      [[1, 3]],
      [[2, 3]],
    ]);
  });

  test('only with cells that there are', () => {
    expect(() => plan(['name=a ivshmem=b'])).toThrow("cell 'a' cannot share memory with 'b'");
    expect(() => plan(['name=a ivshmem=a'])).toThrow("cell 'a' cannot share memory with 'a'");
  });
});

describe('boards that lack something', () => {
  test.each<[string, TreeEdit, string]>([
    ['CPUs', (tree) => tree.get('/cpus').detach(), 'the device tree has no CPUs'],
    ['RAM', (tree) => tree.get('/memory@40000000').detach(), 'the device tree has no RAM'],
    [
      'a GIC',
      (tree) => tree.get('/interrupt-controller@38800000').set('compatible', 'acme,pic'),
      'has no GIC of version 2 or 3',
    ],
    [
      'redistributors',
      (tree) => tree.get('/interrupt-controller@38800000').set('reg', [0, 0x38800000, 0, 0x10000]),
      'too few',
    ],
    [
      'a maintenance interrupt',
      (tree) => tree.get('/interrupt-controller@38800000').unset('interrupts'),
      'no maintenance interrupt',
    ],
    ['a console', (tree) => tree.get('/chosen').unset('stdout-path'), 'does not say which UART is the console'],
    [
      'a console that is known',
      (tree) => tree.get('/soc/serial@30000000').set('compatible', 'acme,uart'),
      'is no UART that Jailhouse drives',
    ],
  ])('%s', (_, edit, message) => {
    expect(() => plan([], { edit })).toThrow(message);
  });

  test('a GICv2', () => {
    const edit: TreeEdit = (tree) => {
      const frames = [0x38810000, 0x38820000, 0x38840000, 0x38860000].flatMap((start) => [0, start, 0, 0x2000]);
      tree.get('/interrupt-controller@38800000').set('compatible', 'arm,gic-400').set('reg', frames);
    };
    const created = plan([], { edit });
    expect(created.findings).toEqual([]);
    expect(created.system.arm).toMatchObject({
      gicVersion: 2,
      giccBase: 0x38820000n,
      gicvBase: 0x38860000n,
      gicrBase: 0n,
    });
  });
});

test('an MMU-500 in use is the hypervisor’s, with the streams of its devices', () => {
  const edit: TreeEdit = (tree) => {
    const smmu = tree
      .get('/soc')
      .add('iommu@31400000')
      .set('compatible', 'arm,mmu-500')
      .set('reg', [0x31400000, 0x40000]);
    smmu.set('#iommu-cells', 2).set('phandle', 2);
    tree.get('/soc/i2c@30030000').set('iommus', [2, 0x11, 0x7f80]);
  };
  const created = plan([], { edit });
  expect(created.system.iommuUnits?.[0]).toMatchObject({ base: 0x31400000n, size: 0x40000, armSidMask: 0x7f80 });
  expect(created.system.rootCell.smmuSids).toEqual([{ sid: 0x11, sidMask: 0x7f80 }]);
  expect(created.findings).toEqual([]);
  expect(plan([], { edit, dialect: 'upstream-14' }).plan.notes.join()).toContain('the SMMU is left as it is');
});
