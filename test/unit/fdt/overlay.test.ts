import { applyOverlay, DeviceTree, FdtError, OverlayBuilder, parse, printDts, symbol, write } from '../../../src/fdt';
import { fixture } from './blob';

const base = () => parse(fixture('board.dtb'));
const overlay = () => parse(fixture('overlay.dtbo'));

function errorOf(action: () => unknown): FdtError {
  try {
    action();
  } catch (error) {
    if (error instanceof FdtError) return error;
    throw error;
  }
  throw new Error('no FdtError');
}

/** A base with labels, for overlays made here. */
function smallBase(): DeviceTree {
  const tree = new DeviceTree();
  tree.root.add('soc').add('uart@1').set('status', 'disabled').set('phandle', 7);
  tree.root.add('user').set('uses', 7);
  tree.root.add('__symbols__').set('uart', '/soc/uart@1');
  return tree;
}

describe('applying', () => {
  test('gives what fdtoverlay gave', () => {
    const result = applyOverlay(base(), overlay());
    const expected = parse(fixture('overlaid.dtb'));
    expect(printDts(result)).toBe(printDts(expected));
    expect(printDts(parse(write(result)))).toBe(printDts(expected));
    expect(result).toMatchObject({ bootCpu: expected.bootCpu, reservations: expected.reservations });
  });

  test('changes neither the base nor the overlay', () => {
    const trees = [base(), overlay()] as const;
    applyOverlay(...trees);
    expect(Buffer.compare(write(trees[0]), fixture('board.dtb'))).toBe(0);
    expect(Buffer.compare(write(trees[1]), fixture('overlay.dtbo'))).toBe(0);
  });

  test('a second overlay refers to what the first brought', () => {
    const second = new OverlayBuilder();
    second.setCells(second.fragment(symbol('bluetooth')), 'peer', [symbol('pll'), 9]);
    const result = applyOverlay(applyOverlay(base(), overlay()), second.build());
    const pll = result.get('/soc/pll');
    expect(result.get('serial1').child('bluetooth')?.u32s('peer')).toEqual([pll.phandle, 9]);
  });

  test('a fragment that has only a path goes into a base without symbols', () => {
    const tree = smallBase();
    tree.get('/__symbols__').detach();
    const builder = new OverlayBuilder();
    builder.fragment('/soc/uart@1').set('status', 'okay');
    builder.fragment(7).set('by-phandle', true);
    const uart = applyOverlay(tree, builder.build()).get('/soc/uart');
    expect(uart.string('status')).toBe('okay');
    expect(uart.has('by-phandle')).toBe(true);
  });

  test('a node that is merged into one with a phandle gets that one, and so do references to it', () => {
    const builder = new OverlayBuilder();
    const uart = builder.fragment('/soc/uart@1');
    const other = builder.fragment('/').add('other');
    builder.setCells(other, 'uses', [uart, 1, other]);
    const result = applyOverlay(smallBase(), builder.build());
    expect(result.get('/soc/uart').phandle).toBe(7);
    expect(result.byPhandle(result.get('/user').u32('uses') ?? 0)?.path).toBe('/soc/uart@1');
    expect(result.get('/other').u32s('uses')).toEqual([7, 1, result.get('/other').phandle]);
    expect(result.get('/other').phandle).toBe(9);
  });

  test('children of the root that are no fragments bring nothing', () => {
    const tree = new DeviceTree();
    tree.root.add('note').set('text', 'x');
    expect(printDts(applyOverlay(smallBase(), tree))).toBe(printDts(smallBase()));
  });
});

describe('what cannot be applied is an error with a name', () => {
  const errorAfter = (edit: (overlay: DeviceTree) => unknown) => {
    const edited = overlay();
    edit(edited);
    return errorOf(() => applyOverlay(base(), edited));
  };

  test('a symbol that the base does not have', () => {
    const builder = new OverlayBuilder();
    builder.fragment(symbol('nowhere'));
    const error = errorOf(() => applyOverlay(base(), builder.build()));
    expect(error).toMatchObject({ code: 'E_FDT_OVERLAY_SYMBOL', operation: 'apply overlay', hint: undefined });
    expect(error.message).toBe('the overlay refers to nowhere, and the base tree has no such symbol');
  });

  test('text of the tree cannot command a terminal', () => {
    const error = errorAfter((tree) => tree.get('/fragment@7').set('target-path', '/\x1b[2J\n\u00e9'));
    expect(error.message).toBe(
      "the overlay's fragment@7 targets /\\u{1b}[2J\\u{a}\\u{e9}, which the base tree does not have",
    );
  });

  test('a base without symbols says how to get them', () => {
    const tree = base();
    tree.get('/__symbols__').detach();
    expect(errorOf(() => applyOverlay(tree, overlay())).hint).toContain('dtc -@');
  });

  test('a symbol for a node that is gone, or has no phandle', () => {
    const gone = base();
    gone.get('/soc').detach();
    expect(errorOf(() => applyOverlay(gone, overlay())).code).toBe('E_FDT_OVERLAY_SYMBOL');
    const mute = base();
    mute.get('serial1').unset('phandle');
    expect(errorOf(() => applyOverlay(mute, overlay())).message).toContain('has no phandle');
  });

  test.each<[string, string, (overlay: DeviceTree) => unknown]>([
    ['no target', 'E_FDT_OVERLAY_TARGET', (tree) => tree.get('/fragment@7').unset('target-path')],
    [
      'a path that is not there',
      'E_FDT_OVERLAY_TARGET',
      (tree) => tree.get('/fragment@7').set('target-path', '/nowhere'),
    ],
    ['a phandle of no node', 'E_FDT_OVERLAY_TARGET', (tree) => tree.get('/fragment@7').set('target', 0x999)],
    ['a target of 8 bytes', 'E_FDT_VALUE', (tree) => tree.get('/fragment@7').set('target', [1, 2])],
    ['a phandle of 8 bytes', 'E_FDT_VALUE', (tree) => tree.get('/fragment@7/__overlay__').set('phandle', [1, 2])],
    [
      'phandles that run out',
      'E_FDT_PHANDLE',
      (tree) => tree.get('/fragment@7/__overlay__').set('phandle', 0xfffffffe),
    ],
    ['a fixup of no place', 'E_FDT_OVERLAY_FIXUP', (tree) => tree.get('/__fixups__').set('gic', true)],
    ['a fixup that is no text', 'E_FDT_VALUE', (tree) => tree.get('/__fixups__').set('gic', 5)],
    ['a fixup without offset', 'E_FDT_OVERLAY_FIXUP', (tree) => tree.get('/__fixups__').set('gic', '/fragment@7:x')],
    ['a fixup of no node', 'E_FDT_OVERLAY_FIXUP', (tree) => tree.get('/__fixups__').set('gic', '/fragment@99:x:0')],
    ['a fixup of no property', 'E_FDT_OVERLAY_FIXUP', (tree) => tree.get('/__fixups__').set('gic', '/fragment@7:x:0')],
    [
      'a fixup beyond the end',
      'E_FDT_OVERLAY_FIXUP',
      (tree) => tree.get('/__fixups__').set('gic', '/fragment@0:target:1'),
    ],
    [
      'a fixup far beyond',
      'E_FDT_OVERLAY_FIXUP',
      (tree) => tree.get('/__fixups__').set('gic', `/fragment@0:target:${2 ** 60}`),
    ],
    ['local fixups of no node', 'E_FDT_OVERLAY_FIXUP', (tree) => tree.get('/__local_fixups__').add('nowhere')],
    ['local fixups of no property', 'E_FDT_OVERLAY_FIXUP', (tree) => tree.get('/__local_fixups__').set('nothing', 0)],
    [
      'local fixups of 5 bytes',
      'E_FDT_VALUE',
      (tree) => tree.get('/__local_fixups__/fragment@0').set('target', Buffer.alloc(5)),
    ],
    [
      'local fixups beyond the end',
      'E_FDT_OVERLAY_FIXUP',
      (tree) => tree.get('/__local_fixups__/fragment@0').set('target', 1),
    ],
    ['a symbol that is no text', 'E_FDT_VALUE', (tree) => tree.get('/__symbols__').set('x', 5)],
    [
      'a symbol in no fragment',
      'E_FDT_OVERLAY_FIXUP',
      (tree) => tree.get('/__symbols__').set('x', '/none/__overlay__/a'),
    ],
  ])('%s', (_, code, edit) => {
    const error = errorAfter(edit);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('\n');
  });

  test('a result that is too deep', () => {
    const builder = new OverlayBuilder();
    let node = builder.fragment('/soc/bus/spi/flash');
    for (let level = 0; level < 60; level++) node = node.add('n');
    expect(errorOf(() => applyOverlay(base(), builder.build())).code).toBe('E_FDT_DEPTH');
  });
});

describe('building', () => {
  /** What overlay.dts says, by the builder. */
  function built(): DeviceTree {
    const builder = new OverlayBuilder();
    const uart = builder.fragment(symbol('uart2')).set('status', 'okay');
    const bluetooth = uart.add('bluetooth');
    const expander = builder.fragment('/soc@0/bus@30800000/i2c@30a20000').add('gpio@20').set('reg', 0x20);
    const pll = builder.fragment(symbol('soc')).add('pll').set('#clock-cells', 1);
    builder.setCells(uart, 'interrupts-extended', [symbol('gic'), 0, 27, 4, expander, 3, 8, symbol('gpio1'), 1, 2]);
    builder.setCells(uart, 'clocks', [symbol('clk'), 8, pll, 1]);
    builder.setCells(bluetooth, 'device-clock', [pll, 2]);
    expander.set('interrupt-controller', true).set('#interrupt-cells', 2);
    builder.setCells(expander, 'peers', [expander, bluetooth, expander]);
    builder.setCells(pll, 'clocks', [symbol('osc')]);
    builder.label('bluetooth', bluetooth);
    builder.label('expander', expander);
    builder.label('pll', pll);
    return builder.build();
  }

  test('gives what dtc made of the same overlay as source', () => {
    const compiled = overlay();
    // These two fragments are named in the source, as the builder does not name any.
    const result = built();
    for (const name of ['fragment@7', 'fragment@8']) compiled.get(`/${name}`).detach();
    compiled.get('/__symbols__').unset('late');
    compiled.get('/__local_fixups__/fragment@8').detach();
    expect(printDts(result)).toBe(printDts(compiled));
    const rebuilt = new DeviceTree(compiled.root.clone());
    expect(Buffer.compare(write(result), write(rebuilt))).toBe(0);
  });

  test('does not change what was built before', () => {
    const builder = new OverlayBuilder();
    const node = builder.fragment('/').add('n');
    builder.setCells(node, 'self', [node]);
    const first = builder.build();
    const text = printDts(first);
    node.set('later', 1);
    expect(printDts(first)).toBe(text);
    expect(builder.build().get('/fragment@0/__overlay__/n').u32('later')).toBe(1);
  });

  test('a property that is set again refers to nothing', () => {
    const builder = new OverlayBuilder();
    const node = builder.fragment('/').add('n');
    builder.setCells(node, 'uses', [symbol('gic'), node]);
    node.set('uses', 5);
    expect([...builder.build().root.children].map(({ name }) => name)).toEqual(['fragment@0']);
  });

  test('a reference out of the overlay is an error', () => {
    const builder = new OverlayBuilder();
    builder.setCells(builder.fragment('/'), 'uses', [base().get('serial0')]);
    expect(errorOf(() => builder.build())).toMatchObject({
      code: 'E_FDT_NOT_FOUND',
      operation: 'build overlay',
      message: '/soc@0/bus@30800000/serial@30860000 is referred to, and is no node of the overlay',
    });
  });

  test('an empty one applies and changes nothing', () => {
    expect(printDts(applyOverlay(base(), new OverlayBuilder().build()))).toBe(printDts(base()));
  });
});
