import { DeviceTree, DeviceTreeNode, FdtError, fromCells, parse, toCells } from '../../../src/fdt';
import { fixture } from './blob';

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof FdtError) return error.code;
    throw error;
  }
  return 'no error';
}

const board = () => parse(fixture('board.dtb'));

describe('finding nodes', () => {
  const tree = board();

  test.each([
    ['/', '/'],
    ['/soc@0', '/soc@0'],
    ['/soc', '/soc@0'],
    ['/soc/bus@30800000/serial', '/soc@0/bus@30800000/serial@30860000'],
    ['//soc/bus/', '/soc@0/bus@30800000'],
    ['serial1', '/soc@0/bus@30800000/serial@30890000'],
    ['/cpus/cpu@1', '/cpus/cpu@1'],
    ['/cpus/cpu', '/cpus/cpu@0'],
  ])('%s is %s', (path, expected) => {
    expect(tree.find(path)?.path).toBe(expected);
    expect(tree.get(path).path).toBe(expected);
  });

  test.each(['/so', '/soc@1', '/soc/bus@', 'serial9', 'serial9/x', '', 'soc@0', '/cpus/cpu@2'])(
    '%s is none',
    (path) => {
      expect(tree.find(path)).toBeUndefined();
      expect(codeOf(() => tree.get(path))).toBe('E_FDT_NOT_FOUND');
    },
  );

  test('below an alias', () => {
    tree.get('/aliases').set('bus', '/soc@0/bus@30800000');
    expect(tree.find('bus/i2c/pmic@4b')?.path).toBe('/soc@0/bus@30800000/i2c@30a20000/pmic@4b');
  });

  test('a name without unit address means the node of exactly that name first', () => {
    const { root } = new DeviceTree();
    root.add('a@1');
    expect(root.child('a')?.name).toBe('a@1');
    root.add('a');
    expect(root.child('a')?.name).toBe('a');
    root.child('a')?.detach();
    root.child('a')?.detach();
    expect(root.child('a')).toBeUndefined();
  });

  test('by compatible', () => {
    const uarts = [...tree.compatible('example,uart', 'none')].map(({ unitAddress }) => unitAddress);
    expect(uarts).toEqual(['30860000', '30890000']);
  });

  test('aliases and symbols', () => {
    expect(board().aliases).toEqual(
      new Map([
        ['serial0', '/soc@0/bus@30800000/serial@30860000'],
        ['serial1', '/soc@0/bus@30800000/serial@30890000'],
      ]),
    );
    expect(tree.symbols.get('pcie')).toBe('/soc@0/pcie@33800000');
    expect(new DeviceTree().symbols.size).toBe(0);
  });
});

describe('phandles', () => {
  test('are looked up, also after edits', () => {
    const tree = board();
    const gic = tree.get('/interrupt-controller');
    const phandle = gic.phandle as number;
    expect(tree.byPhandle(phandle)).toBe(gic);
    gic.set('phandle', 77);
    expect(tree.byPhandle(phandle)).toBeUndefined();
    expect(tree.byPhandle(77)).toBe(gic);
    gic.detach();
    expect(tree.byPhandle(77)).toBeUndefined();
    tree.root.attach(gic);
    expect(tree.byPhandle(77)).toBe(gic);
  });

  test('are allocated behind the greatest', () => {
    const tree = board();
    const max = tree.maxPhandle;
    const node = tree.root.add('new');
    expect(tree.phandleOf(node)).toBe(max + 1);
    expect(tree.phandleOf(node)).toBe(max + 1);
    expect(node.u32('phandle')).toBe(max + 1);
    node.set('phandle', 0xfffffffe);
    expect(codeOf(() => tree.phandleOf(tree.root.add('another')))).toBe('E_FDT_PHANDLE');
  });

  test('have an older name, and values that are none', () => {
    const { root } = new DeviceTree();
    expect(root.add('old').set('linux,phandle', 5).phandle).toBe(5);
    expect(root.add('zero').set('phandle', 0).phandle).toBeUndefined();
    expect(root.add('ones').set('phandle', 0xffffffff).phandle).toBeUndefined();
    expect(root.add('long').set('phandle', [1, 2]).phandle).toBeUndefined();
  });
});

describe('properties', () => {
  const { root } = parse(fixture('values.dtb'));

  test('as what they are', () => {
    expect(root.string('text')).toBe('x');
    expect(root.strings('list')).toEqual(['x', 'yy']);
    expect(root.strings('empty')).toEqual([]);
    expect(root.strings('nuls-2')).toEqual(['', '']);
    expect(root.u32s('cells')).toEqual([0, 1, 255, 4096, 0xffffffff]);
    expect(root.u32('no-nul')).toBe(0x61616161);
    expect(root.u64('wide')).toBe(0x123456789abcdef0n);
    expect(root.u64s('wide')).toEqual([0x123456789abcdef0n]);
    expect([...(root.property('bytes')?.value ?? [])]).toEqual([0, 1, 2]);
    expect(root.has('empty')).toBe(true);
  });

  test('that are not there', () => {
    for (const read of ['u32', 'u32s', 'u64', 'u64s', 'string', 'strings'] as const) {
      expect(root[read]('none')).toBeUndefined();
    }
    expect(root.property('none')).toBeUndefined();
  });

  test.each([
    ['u32', 'bytes'],
    ['u32', 'empty'],
    ['u32s', 'bytes'],
    ['u64', 'no-nul'],
    ['u64s', 'no-nul'],
    ['string', 'no-nul'],
    ['string', 'list'],
    ['string', 'empty'],
    ['strings', 'bytes'],
  ] as const)('%s of %s is an error that says where', (read, name) => {
    const property = root.property(name);
    expect(codeOf(() => root[read](name))).toBe('E_FDT_VALUE');
    const offset = fixture('values.dtb').indexOf(property?.value ?? '', 56);
    try {
      root[read](name);
    } catch (error) {
      expect((error as FdtError).message).toMatch(
        new RegExp(`^/:${name} \\(\\d+ bytes\\) should be .* \\(at byte \\d+\\)$`),
      );
      if (name !== 'empty') expect((error as FdtError).offset).toBe(offset);
    }
  });

  test('status', () => {
    const tree = board();
    expect(tree.get('serial0').isOkay).toBe(true);
    expect(tree.get('serial1').isOkay).toBe(false);
    expect(tree.get('/mailbox/channel')).toMatchObject({ isOkay: true, isAvailable: false });
    expect(tree.get('/soc/bus/i2c/pmic')).toMatchObject({ isOkay: true, isAvailable: true });
  });

  test('names with and without unit address', () => {
    const tree = board();
    expect(tree.get('/soc')).toMatchObject({ baseName: 'soc', unitAddress: '0', depth: 1 });
    expect(tree.get('/psci')).toMatchObject({ baseName: 'psci', unitAddress: undefined });
    expect(tree.root).toMatchObject({ baseName: '', depth: 0 });
  });
});

describe('edits', () => {
  test('a value has the type of what it is set to', () => {
    const node = new DeviceTreeNode('n');
    const bytesOf = (name: string) => Buffer.from(node.property(name)?.value ?? []).toString('hex');
    node.set('a', true).set('b', 'text').set('c', ['a', 'é']).set('d', 1).set('e', [1, 0xffffffff]);
    node
      .set('f', 0x100000002n)
      .set('g', [1n, 2n])
      .set('h', Uint8Array.of(1, 2, 3))
      .set('i', []);
    expect(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map(bytesOf)).toEqual([
      '',
      '7465787400',
      '6100c3a900',
      '00000001',
      '00000001ffffffff',
      '0000000100000002',
      '00000000000000010000000000000002',
      '010203',
      '',
    ]);
  });

  test('bytes that are changed later do not change the property', () => {
    const bytes = Uint8Array.of(1);
    const node = new DeviceTreeNode('n').set('p', bytes);
    bytes[0] = 2;
    expect(node.property('p')?.value[0]).toBe(1);
  });

  test.each([[-1], [2 ** 32], [1.5], [NaN], [-1n], [1n << 64n], ['a\0b'], [[1, -1]]])('%p is no value', (value) => {
    expect(codeOf(() => new DeviceTreeNode('n').set('p', value))).toBe('E_FDT_VALUE');
  });

  test('a property that is set again keeps its place', () => {
    const node = new DeviceTreeNode('n').set('a', 1).set('b', 2).set('a', 3);
    expect([...node.properties].map(({ name }) => name)).toEqual(['a', 'b']);
    expect(node.unset('a')).toBe(true);
    expect(node.unset('a')).toBe(false);
    expect(node.has('a')).toBe(false);
  });

  test.each(['', 'a/b', 'a b', 'é', 'n'.repeat(256)])('%p is no name of a node', (name) => {
    expect(codeOf(() => new DeviceTree().root.add(name))).toBe('E_FDT_NAME');
  });

  test.each(['', 'a b', 'p'.repeat(256)])('%p is no name of a property', (name) => {
    expect(codeOf(() => new DeviceTree().root.set(name, true))).toBe('E_FDT_NAME');
  });

  test('nodes are in one place at a time', () => {
    const { root } = new DeviceTree();
    const a = root.add('a');
    const b = a.add('b');
    expect(codeOf(() => root.add('a'))).toBe('E_FDT_DUPLICATE');
    expect(codeOf(() => root.attach(b))).toBe('E_FDT_NAME');
    expect(codeOf(() => b.attach(root))).toBe('E_FDT_NAME');
    expect(codeOf(() => b.attach(a.detach()))).toBe('E_FDT_NAME');
    expect(a.path).toBe('a');
    root.attach(b.detach());
    expect(b.path).toBe('/b');
  });

  test('no more than 64 levels', () => {
    const { root } = new DeviceTree();
    let node = root;
    for (let level = 2; level <= 64; level++) node = node.add('n');
    expect(codeOf(() => node.add('n'))).toBe('E_FDT_DEPTH');
    const twoLevels = new DeviceTreeNode('two');
    twoLevels.add('levels');
    expect(codeOf(() => node.parent?.attach(twoLevels))).toBe('E_FDT_DEPTH');
    expect(codeOf(() => node.parent?.parent?.attach(twoLevels))).toBe('no error');
  });

  test('a clone shares nothing that can be edited', () => {
    const tree = board();
    const copy = tree.clone();
    copy.get('serial0').set('status', 'disabled').add('child');
    copy.reservations.pop();
    expect(tree.get('serial0').has('status')).toBe(false);
    expect(tree.get('serial0').childCount).toBe(0);
    expect(tree.reservations).toHaveLength(2);
    expect(copy.byPhandle(tree.get('/interrupt-controller').phandle as number)?.path).toBe(
      '/interrupt-controller@38800000',
    );
  });
});

test('cells and numbers', () => {
  expect(toCells(0x1_0000_0002n, 2)).toEqual([1, 2]);
  expect(toCells(5n, 1)).toEqual([5]);
  expect(toCells(0n, 0)).toEqual([]);
  expect(fromCells([1, 2])).toBe(0x1_0000_0002n);
  expect(fromCells([])).toBe(0n);
  expect(codeOf(() => toCells(1n << 32n, 1))).toBe('E_FDT_VALUE');
  expect(codeOf(() => toCells(-1n, 2))).toBe('E_FDT_VALUE');
});
