/** Configs made of real device trees: clean by our own checker, by upstream's rules, and beside NXP's values. */
import { decodeConfig, DIALECTS, irqchipPins } from '../../../../src/abi/jailhouse';
import { cells } from '../../../../cells';
import { checkConfigs } from '../../../../src/config/check/check';
import { hardwareOfTree } from '../../../../src/config/check/hardware-of-tree';
import { upstreamReport } from '../../../../src/config/check/upstream';
import { readBoardFacts } from '../../../../src/config/create/board-facts';
import { createConfigs, DEFAULT_DIALECT } from '../../../../src/config/create/create-configs';
import { isWithin, subtract } from '../../../../src/config/create/ranges';
import { parseWish } from '../../../../src/config/plan/wish';
import { CellvisorError } from '../../../../src/errors';
import { applyOverlay, parse } from '../../../../src/fdt';
import { describeUnless, deviceTreeNames, noDeviceTrees, readDeviceTree } from '../../../support/device-trees';
import type { SystemConfig } from '../../../../src/abi/jailhouse';
import type { BoardFacts } from '../../../../src/config/create/board-facts';
import type { MemoryRange } from '../../../../src/boards';
import type { CheckedCell, CheckedSystem } from '../../../../src/config/check/subject';
import type { Created } from '../../../../src/config/create/create-configs';
import type { PlanOptions } from '../../../../src/config/plan/plan-system';

const BOARDS = ['imx8mm-evk', 'imx8mn-evk', 'imx8mp-evk', 'imx8mq-evk', 'imx8qm-mek', 'imx8qxp-mek'];
const DEFAULTS: PlanOptions = { dialect: DEFAULT_DIALECT, wishes: [], deviceRegions: 'wide' };

const tree = (board: string) => parse(readDeviceTree(`freescale/${board}.dtb`));
const create = (board: string, options: Partial<PlanOptions> = {}) =>
  createConfigs(readBoardFacts(tree(board)), { ...DEFAULTS, ...options });

/** As they are in the files. */
function checked({ files, plan }: Created): { system: CheckedSystem; cells: CheckedCell[] } {
  const decoded = files
    .filter(({ name }) => name.endsWith('.cell'))
    .map(({ name, content }) => ({ file: name, ...decodeConfig(content as Uint8Array) }));
  const system = decoded.find((one) => one.kind === 'system');
  if (system?.kind !== 'system') throw new Error('no system config');
  expect(decoded).toHaveLength(1 + plan.cells.length);
  return {
    system,
    cells: decoded.flatMap((one) => (one.kind === 'cell' ? [{ ...one, isRoot: false }] : [])),
  };
}

function upstream(system: CheckedSystem, others: readonly CheckedCell[]): { text: string; found: boolean } {
  const report = upstreamReport(system, others);
  for (let text = ''; ;) {
    const { value, done } = report.next();
    if (done) return { text, found: value };
    text += value;
  }
}

function regionsOf({ rootCell }: SystemConfig, wanted: (flags: bigint) => boolean): MemoryRange[] {
  return rootCell.memoryRegions
    .filter(({ flags }) => wanted(flags))
    .map(({ physStart, size }) => ({ physStart, sizeBytes: size }));
}

describeUnless(noDeviceTrees, 'configs of real device trees', () => {
  describe.each(BOARDS)('%s', (board) => {
    const result = create(board);

    test('check clean, by us and by upstream', () => {
      const { system, cells: others } = checked(result);
      expect(checkConfigs({ system, cells: others })).toEqual([]);
      expect(result.findings).toEqual([]);
      expect(upstream(system, others)).toMatchObject({ found: false });
    });

    test('check clean against the board: its tree, with our overlay applied', () => {
      const { system, cells: others } = checked(result);
      if (result.plan.placement.ram !== result.plan.facts.ram) return; // the tree's RAM is not the board's
      const overlay = result.overlay;
      const there = overlay ? applyOverlay(tree(board), parse(overlay.blob)) : tree(board);
      const findings = checkConfigs({ system, cells: others, hardware: hardwareOfTree(there, board) });
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    });

    test('the root cell has all RAM and every device, except for what the hypervisor keeps', () => {
      const { facts, placement } = result.plan;
      const all = regionsOf(result.system, () => true);
      const { hypervisor, virtualPci } = placement.places;
      expect(subtract(placement.ram, [...all, hypervisor, virtualPci])).toEqual([]);
      for (const { regions } of facts.devices.filter(({ isBus }) => !isBus)) {
        expect(subtract(regions, [...all, ...facts.gic.intercepted])).toEqual([]);
      }
      expect(subtract(facts.gic.intercepted, all)).toEqual(facts.gic.intercepted);
    });

    test('only what the tree lists, when that is asked for', () => {
      const { system, plan, findings } = create(board, { deviceRegions: 'listed' });
      expect(findings).toEqual([]);
      const io = regionsOf(system, (flags) => (flags & 0x10n) !== 0n);
      expect(io.length).toBeGreaterThan(10);
      for (const range of io) {
        expect(plan.facts.devices.some(({ regions }) => regions.some((one) => isWithin(one, range)))).toBe(true);
      }
    });

    test.each(DIALECTS.filter((one) => !['upstream-8', 'upstream-9', 'nxp-9'].includes(one)))('as %s', (dialect) => {
      const other = create(board, { dialect });
      const { system, cells: others } = checked(other);
      expect(checkConfigs({ system, cells: others })).toEqual([]);
    });
  });

  test.each(BOARDS)('%s: a clean answer to a wish for three peers', (board) => {
    const wishes = ['name=rt ivshmem=root,io', 'name=io ram=16M ivshmem=root:veth'].map(parseWish);
    for (const dialect of ['nxp-10', 'upstream-14'] as const) {
      expect(create(board, { wishes, dialect }).findings).toEqual([]);
    }
  });

  test('CPUs that a tree of a board of the guide leaves out are there, but not when it is what the board runs with', () => {
    const cpusOf = (isLive: boolean) => {
      const facts = readBoardFacts(tree('imx8qm-mek'), { isLive });
      const { plan, system } = createConfigs(facts, { ...DEFAULTS, wishes: [parseWish('name=rt cpus=3')] });
      return { mask: system.rootCell.cpuSet[0], clusters: facts.cpus.map(({ cluster }) => cluster), notes: plan.notes };
    };
    expect(cpusOf(false)).toEqual({
      mask: 0x3f,
      clusters: [0n, 0n, 0n, 0n, 1n, 1n],
      notes: [
        expect.stringMatching(/^the device tree has 4 CPUs, imx8qm-mek has 6, and the configs are for all of them/),
      ],
    });
    expect(cpusOf(true)).toMatchObject({ mask: 0xf, clusters: [0n, 0n, 0n, 0n] });
  });

  test.each(deviceTreeNames(/^freescale\/imx8.*\.dtb$/))(
    '%s: clean configs, if need be with RAM from the command line',
    (name) => {
      const one = parse(readDeviceTree(name));
      const findings = (facts: BoardFacts) => createConfigs(facts, DEFAULTS).findings;
      try {
        expect(findings(readBoardFacts(one))).toEqual([]);
      } catch (error) {
        // Boot loaders tell Linux how much RAM there is; such trees have none, or a token of it. One names no console.
        if (!(error instanceof CellvisorError)) throw error;
        expect(error.message).toMatch(
          /^the device tree (has no RAM$|does not say which UART)|^there is no room for 0x\w+ bytes \(inmate\)/,
        );
        const physStart = /imx8m/.test(name) ? 0x4000_0000n : 0x8000_0000n;
        expect(
          findings(readBoardFacts(one, { console: 'serial1', ram: [{ physStart, sizeBytes: 0x8000_0000n }] })),
        ).toEqual([]);
      }
    },
  );

  describe('beside NXP’s', () => {
    const NXP = {
      'imx8mm-evk': 'imx8mm-veth',
      'imx8mq-evk': 'imx8mq',
      'imx8qm-mek': 'imx8qm',
      'imx8qxp-mek': 'imx8qxp',
    };

    test.each(Object.entries(NXP))('%s: what %s says and does not depend on a choice', (board, name) => {
      const nxp = cells[name]?.config as SystemConfig;
      const { system } = create(board);
      expect(system.arm).toEqual(nxp.arm);
      expect(system.hypervisorMemory).toEqual(nxp.hypervisorMemory);
      expect(system.pciMmconfigBase).toBe(nxp.pciMmconfigBase);
      expect(system.debugConsole).toMatchObject({ address: nxp.debugConsole.address, type: nxp.debugConsole.type });
      expect(system.rootCell.vpciIrqBase).toBe(nxp.rootCell.vpciIrqBase);
      expect(system.rootCell.irqchips.flatMap(irqchipPins)).toEqual(
        expect.arrayContaining(nxp.rootCell.irqchips.flatMap(irqchipPins)),
      );
      // All that NXP maps is mapped, but for the interrupt controller.
      const { intercepted } = readBoardFacts(tree(board)).gic;
      const { virtualPci } = create(board).plan.placement.places;
      const ours = [...regionsOf(system, () => true), ...intercepted, virtualPci];
      expect(
        subtract(
          regionsOf(nxp, () => true),
          ours,
        ),
      ).toEqual([]);
    });
  });
});
