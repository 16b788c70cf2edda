/** Beside dtc and fdtoverlay themselves, on our fixtures and on the real device trees of Debian's arm64 kernel. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyOverlay, DeviceTree, OverlayBuilder, parse, printDts, symbol, write } from '../../../src/fdt';
import {
  describeUnless,
  deviceTreeNames,
  deviceTreePath,
  noDeviceTrees,
  noDtc,
  readDeviceTree,
} from '../../support/device-trees';
import { randomNumbers } from '../../support/random-numbers';
import { fixture, fixtureText } from './blob';
import type { DeviceTreeNode, OverlayCell } from '../../../src/fdt';

const IMX8 = /^freescale\/imx8.*\.dtb$/;
const fixtures = join(__dirname, 'fixtures');
let work = '';
beforeAll(() => (work = mkdtempSync(join(tmpdir(), 'fdt-'))));
afterAll(() => rmSync(work, { recursive: true }));

const dtc = (...args: readonly string[]) => execFileSync('dtc', ['-qq', ...args], { maxBuffer: 2 ** 26 });

/** The tree in new nodes, so that nothing of the blob that it came from helps to write it. */
function rebuilt(tree: DeviceTree): DeviceTree {
  const copy = new DeviceTree(tree.root.clone());
  copy.bootCpu = tree.bootCpu;
  copy.reservations.push(...tree.reservations);
  return copy;
}

function fdtoverlay(base: Uint8Array, ...overlays: readonly Uint8Array[]): DeviceTree {
  const [input, output] = [join(work, 'base.dtb'), join(work, 'result.dtb')];
  const paths = overlays.map((overlay, index) => {
    const path = join(work, `${index}.dtbo`);
    writeFileSync(path, overlay);
    return path;
  });
  writeFileSync(input, base);
  execFileSync('fdtoverlay', ['-i', input, '-o', output, ...paths]);
  return parse(readFileSync(output));
}

function expectSame(result: DeviceTree, expected: DeviceTree): void {
  expect(printDts(result)).toBe(printDts(expected));
  expect(result).toMatchObject({ bootCpu: expected.bootCpu, reservations: expected.reservations });
}

describeUnless(noDtc, 'fixtures beside dtc', () => {
  test.each([
    ['board', ['-@']],
    ['values', []],
  ])('%s is what its source says', (name, options) => {
    expect(Buffer.compare(dtc(...options, join(fixtures, `${name}.dts`)), fixture(`${name}.dtb`))).toBe(0);
    const printed = dtc('-I', 'dtb', '-O', 'dts', join(fixtures, `${name}.dtb`)).toString('latin1');
    expect(printed).toBe(fixtureText(`${name}.printed.dts`));
  });

  test('the overlay is what its source says, and its result what fdtoverlay gives', () => {
    expect(Buffer.compare(dtc('-@', join(fixtures, 'overlay.dts')), fixture('overlay.dtbo'))).toBe(0);
    const result = fdtoverlay(fixture('board.dtb'), fixture('overlay.dtbo'));
    expect(Buffer.compare(write(result), fixture('overlaid.dtb'))).toBe(0);
  });

  test('what is printed compiles to the same tree', () => {
    const path = join(work, 'printed.dts');
    writeFileSync(path, printDts(parse(fixture('board.dtb'))));
    expect(Buffer.compare(dtc(path), fixture('board.dtb'))).toBe(0);
  });

  test('random values are printed as dtc prints them', () => {
    const random = randomNumbers(1);
    const interesting = [0, 0, 0x61, 0x20, 0x7e, 0x7f, 0x80, 7, 8, 9, 10, 11, 12, 13, 14, 27, 34, 39, 92, 255];
    const tree = new DeviceTree();
    for (let index = 0; index < 3000; index++) {
      const bytes = Array.from({ length: random(13) }, () => interesting[random(1 + random(interesting.length))] ?? 0);
      if (random(2) === 0) bytes.push(0);
      tree.root.set(`p${index}`, Uint8Array.from(bytes));
    }
    const path = join(work, 'random.dtb');
    writeFileSync(path, write(tree));
    expect(printDts(tree)).toBe(dtc('-I', 'dtb', '-O', 'dts', path).toString('latin1'));
  });

  test('another version, other padding, room for reservations', () => {
    for (const options of [
      ['-V', '16'],
      ['-p', '1000'],
      ['-S', '16384'],
      ['-R', '5'],
      ['-b', '3'],
      ['-a', '4096'],
      ['-H', 'both'],
    ]) {
      const bytes = dtc('-I', 'dtb', '-O', 'dtb', ...options, join(fixtures, 'board.dtb'));
      expect(Buffer.compare(write(parse(bytes)), bytes)).toBe(0);
    }
  });
});

describeUnless(noDeviceTrees, 'real trees', () => {
  test('there are many, of all the boards of the guide', () => {
    const names = deviceTreeNames(IMX8);
    expect(names.length).toBeGreaterThan(50);
    for (const board of ['imx8mm-evk', 'imx8mn-evk', 'imx8mp-evk', 'imx8mq-evk', 'imx8qm-mek', 'imx8qxp-mek']) {
      expect(names).toContain(`freescale/${board}.dtb`);
    }
  });

  test('all of all vendors are written byte for byte as they were', () => {
    const different = deviceTreeNames(/\.dtbo?$/).filter((name) => {
      const bytes = readDeviceTree(name);
      return Buffer.compare(write(parse(bytes)), bytes) !== 0;
    });
    expect(different).toEqual([]);
  });

  test('the largest is read and written in a few milliseconds', () => {
    const largest = deviceTreeNames(IMX8)
      .map(readDeviceTree)
      .reduce((a, b) => (a.length >= b.length ? a : b));
    let best = Infinity;
    for (let round = 0; round < 30; round++) {
      const started = process.cpuUsage();
      write(parse(largest));
      const { user, system } = process.cpuUsage(started);
      best = Math.min(best, (user + system) / 1000);
    }
    expect(best).toBeLessThan(5);
  });
});

describeUnless(noDeviceTrees ?? noDtc, 'real trees beside dtc', () => {
  test.each(deviceTreeNames(IMX8))('%s: text, and the layout of a new tree', (name) => {
    const tree = parse(readDeviceTree(name));
    expect(printDts(tree)).toBe(dtc('-I', 'dtb', '-O', 'dts', deviceTreePath(name)).toString('latin1'));
    const written = dtc('-I', 'dtb', '-O', 'dtb', deviceTreePath(name));
    expect(Buffer.compare(write(rebuilt(tree)), written)).toBe(0);
  });

  test.each(deviceTreeNames(IMX8))('%s: a random overlay gives what fdtoverlay gives', (name) => {
    const random = randomNumbers(name.length * 7919 + name.charCodeAt(name.length - 8));
    const base = parse(readDeviceTree(name));
    const labels = addSymbols(base);
    const [first, second] = [
      randomOverlay(base, labels, random, 'first'),
      randomOverlay(base, labels, random, 'second'),
    ];
    const expected = fdtoverlay(write(base), write(first), write(second));
    expectSame(applyOverlay(applyOverlay(base, first), second), expected);
  });
});

const overlays = deviceTreeNames(/\.dtbo$/);
const noOverlays = noDeviceTrees ?? (overlays.length === 0 ? 'no .dtbo among the device trees' : undefined);

describeUnless(noOverlays ?? noDtc, 'real overlays beside fdtoverlay', () => {
  test.each(overlays)('%s, on a base that has its labels, gives what fdtoverlay gives', (name) => {
    const overlay = parse(readDeviceTree(name));
    const base = new DeviceTree();
    const labels = base.root.add('__symbols__');
    for (const { name: label } of overlay.get('/__fixups__').properties) {
      base.phandleOf(base.root.add(label));
      labels.set(label, `/${label}`);
    }
    expect(labels.propertyCount).toBeGreaterThan(0);
    expectSame(applyOverlay(base, overlay), fdtoverlay(write(base), readDeviceTree(name)));
  });
});

/** A label for each node that others refer to, as `dtc -@` would have made them. Returns the labels. */
function addSymbols(tree: DeviceTree): string[] {
  const nodes = [...tree.nodes()].filter(({ phandle, parent }) => phandle !== undefined && parent !== undefined);
  const symbols = tree.root.exactChild('__symbols__') ?? tree.root.add('__symbols__');
  for (const { phandle, path } of nodes) symbols.set(`node_${phandle}`, path);
  return nodes.map(({ phandle }) => `node_${phandle}`);
}

/** Changes and adds nodes at random places, with references of every kind. */
function randomOverlay(
  base: DeviceTree,
  labels: readonly string[],
  random: (below: number) => number,
  prefix: string,
): DeviceTree {
  const builder = new OverlayBuilder();
  const paths = [...base.nodes()].map(({ path }) => path).filter((path) => !path.startsWith('/__'));
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;
  const added = [builder.fragment('/').add(`${prefix}-node`)];
  for (let index = 0; index < 1 + random(8); index++) {
    const target = pick(paths);
    const content = builder.fragment(random(2) === 0 ? target : symbol(pick(labels)));
    content.set('status', pick(['okay', 'disabled'])).set(`${prefix}-${random(5)}`, random(1000));
    if (content.parent?.has('target-path')) mergeSome(base.get(target), content, random);
    for (let child = 0; child < random(4); child++) added.push(content.add(`${prefix}-child@${index}${child}`));
  }
  for (const node of added) {
    const cells = Array.from({ length: random(5) }, (): OverlayCell => {
      const kind = random(3);
      return kind === 0 ? random(100) : kind === 1 ? symbol(pick(labels)) : pick(added);
    });
    node.set('text', 'x'.repeat(random(9)));
    builder.setCells(node, 'cells', cells);
    if (random(3) === 0) builder.label(`${prefix}_${added.indexOf(node)}`, node);
  }
  return builder.build();
}

/** Merges into some of the first children that the target has already. */
function mergeSome(target: DeviceTreeNode, content: DeviceTreeNode, random: (below: number) => number): void {
  for (const { name } of [...target.children].slice(0, random(3))) {
    if (!content.exactChild(name)) content.add(name).set('merged', random(10)).add('inner');
  }
}
