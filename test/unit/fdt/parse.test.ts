import { CellvisorError } from '../../../src/errors';
import { DeviceTree, FdtError, parse, write } from '../../../src/fdt';
import { begin, blob, end, endNode, fixture, nop, patched, property, STRUCTURE, u32 } from './blob';

function failure(bytes: Uint8Array): FdtError {
  try {
    parse(bytes);
  } catch (error) {
    if (error instanceof FdtError) return error;
    throw error;
  }
  throw new Error('it was parsed');
}

const smallest = blob({ structure: [begin(''), endNode, end] });
const good = blob({
  structure: [begin(''), property(0, [1, 2, 3, 4]), begin('node@1'), property(4), endNode, endNode, end],
  strings: 'one\0two\0',
});

describe('what is read', () => {
  test('the smallest tree', () => {
    const tree = parse(smallest);
    expect(tree.root).toMatchObject({ name: '', path: '/', propertyCount: 0, childCount: 0, parent: undefined });
    expect(tree).toMatchObject({ bootCpu: 0, freeBytes: 0, reservations: [] });
  });

  test('nodes and properties in their order', () => {
    const tree = parse(good);
    expect([...tree.nodes()].map(({ path }) => path)).toEqual(['/', '/node@1']);
    expect([...tree.root.properties].map(({ name, value }) => [name, [...value]])).toEqual([['one', [1, 2, 3, 4]]]);
    expect(tree.get('/node@1').property('two')?.value).toHaveLength(0);
  });

  test('reservations, boot CPU and free room', () => {
    const reservations = Buffer.concat([u32(0, 0x1000, 1, 0), u32(0, 0, 0, 0)]);
    const tree = parse(patched(blob({ structure: [begin(''), endNode, end], reservations, freeBytes: 12 }), 28, 3));
    expect(tree.reservations).toEqual([{ address: 0x1000n, sizeBytes: 0x1_0000_0000n }]);
    expect(tree).toMatchObject({ bootCpu: 3, freeBytes: 12 });
  });

  test('names that share bytes: a tail of another', () => {
    const tree = parse(blob({ structure: [begin(''), property(0), property(4), endNode, end], strings: 'the-reg\0' }));
    expect([...tree.root.properties].map(({ name }) => name)).toEqual(['the-reg', 'reg']);
  });

  test('NOPs everywhere', () => {
    const structure = [nop, begin(''), nop, nop, property(0), nop, begin('a'), nop, endNode, nop, endNode, nop, end];
    const tree = parse(blob({ structure, strings: 'p\0' }));
    expect([...tree.nodes()].map(({ path }) => path)).toEqual(['/', '/a']);
    expect(tree.root.has('p')).toBe(true);
  });

  test('version 16, and later versions that are compatible', () => {
    const structure = [begin(''), property(0), endNode, end];
    expect(parse(blob({ structure, strings: 'p\0', version: 16 })).root.has('p')).toBe(true);
    expect(parse(blob({ structure, strings: 'p\0', version: 18, lastCompatibleVersion: 17 })).root.has('p')).toBe(true);
  });

  test('bytes that are changed later do not change the tree', () => {
    const bytes = Buffer.from(good);
    const tree = parse(bytes);
    bytes.fill(0xff);
    expect(tree.root.u32('one')).toBe(0x01020304);
    expect(Buffer.compare(write(tree), good)).toBe(0);
  });

  test('a plain Uint8Array within a larger buffer', () => {
    const larger = new Uint8Array(good.length + 13);
    larger.set(good, 5);
    expect(parse(larger.subarray(5, 5 + good.length)).root.u32('one')).toBe(0x01020304);
  });

  test('64 levels of nodes, not 65', () => {
    const levels = (count: number) => [
      ...Array.from({ length: count }, (_, index) => begin(index === 0 ? '' : 'n')),
      ...Array.from({ length: count }, () => endNode),
      end,
    ];
    expect([...parse(blob({ structure: levels(64) })).nodes()]).toHaveLength(64);
    expect(failure(blob({ structure: levels(65) }))).toMatchObject({ code: 'E_FDT_DEPTH', offset: STRUCTURE + 64 * 8 });
    expect(failure(blob({ structure: levels(100_000) })).code).toBe('E_FDT_DEPTH');
  });
});

const cases: readonly [what: string, bytes: Uint8Array, code: string, offset: number][] = [
  ['nothing', Buffer.alloc(0), 'E_FDT_TRUNCATED', 0],
  ['half a header', good.subarray(0, 20), 'E_FDT_TRUNCATED', 20],
  ['another magic', patched(good, 0, 0xd00dfeee), 'E_FDT_MAGIC', 0],
  ['bytes the other way round', patched(good, 0, 0xedfe0dd0), 'E_FDT_MAGIC', 0],
  ['version 15', patched(good, 20, 15), 'E_FDT_VERSION', 20],
  ['compatible from version 18 on', patched(patched(good, 20, 18), 24, 18), 'E_FDT_VERSION', 20],
  ['compatible with later than itself', patched(patched(good, 20, 16), 24, 17), 'E_FDT_VERSION', 20],
  ['a file cut off', good.subarray(0, good.length - 1), 'E_FDT_TRUNCATED', 4],
  ['a file that goes on', Buffer.concat([good, u32(0)]), 'E_FDT_HEADER', 4],
  ['version 17 in 36 bytes', patched(good, 4, 36).subarray(0, 36), 'E_FDT_HEADER', 4],
  ['reservations off by 4', patched(good, 16, 44), 'E_FDT_HEADER', 16],
  ['reservations in the header', patched(good, 16, 32), 'E_FDT_HEADER', 16],
  ['structure off by 2', patched(good, 8, STRUCTURE + 2), 'E_FDT_HEADER', 8],
  ['structure beyond the end', patched(good, 8, 0xfffffffc), 'E_FDT_HEADER', 8],
  ['structure of 4 GiB', patched(good, 36, 0xfffffffc), 'E_FDT_HEADER', 8],
  ['strings beyond the end', patched(good, 12, good.length - 4), 'E_FDT_HEADER', 12],
  ['strings of 4 GiB', patched(good, 32, 0xffffffff), 'E_FDT_HEADER', 12],
  ['strings over the structure', patched(patched(good, 12, STRUCTURE + 4), 32, 8), 'E_FDT_NAME', STRUCTURE + 16],
  [
    'structure over the reservations',
    patched(patched(smallest, 16, STRUCTURE + 8), 4, smallest.length),
    'E_FDT_RESERVATION',
    STRUCTURE + 8,
  ],
  ['reservations without end', blob({ structure: [], reservations: u32(1, 1, 1, 1) }), 'E_FDT_RESERVATION', 56],
  ['a reservation of no size', blob({ structure: [], reservations: u32(0, 1, 0, 0) }), 'E_FDT_RESERVATION', 40],
  ['no tokens', blob({ structure: [] }), 'E_FDT_TRUNCATED', STRUCTURE],
  ['no root', blob({ structure: [end] }), 'E_FDT_STRUCTURE', STRUCTURE],
  ['no end', blob({ structure: [begin(''), endNode] }), 'E_FDT_TRUNCATED', STRUCTURE + 12],
  [
    'an end within a node',
    blob({ structure: [begin(''), begin('a'), endNode, end] }),
    'E_FDT_STRUCTURE',
    STRUCTURE + 20,
  ],
  ['bytes behind the end', blob({ structure: [begin(''), endNode, end, nop] }), 'E_FDT_STRUCTURE', STRUCTURE + 16],
  ['two roots', blob({ structure: [begin(''), endNode, begin(''), endNode, end] }), 'E_FDT_STRUCTURE', STRUCTURE + 12],
  ['an end of no node', blob({ structure: [begin(''), endNode, endNode, end] }), 'E_FDT_STRUCTURE', STRUCTURE + 12],
  ['an unknown token', blob({ structure: [begin(''), u32(5), endNode, end] }), 'E_FDT_STRUCTURE', STRUCTURE + 8],
  ['a property of no node', blob({ structure: [property(0)], strings: 'p\0' }), 'E_FDT_STRUCTURE', STRUCTURE],
  [
    'a property behind a child',
    blob({ structure: [begin(''), begin('a'), endNode, property(0), endNode, end], strings: 'p\0' }),
    'E_FDT_STRUCTURE',
    STRUCTURE + 20,
  ],
  ['a root with a name', blob({ structure: [begin('root'), endNode, end] }), 'E_FDT_NAME', STRUCTURE + 4],
  ['a child without a name', blob({ structure: [begin(''), begin(''), endNode, end] }), 'E_FDT_NAME', STRUCTURE + 12],
  ['a node name with a slash', blob({ structure: [begin(''), begin('a/b'), end] }), 'E_FDT_NAME', STRUCTURE + 12],
  ['a node name in Latin-1', blob({ structure: [begin(''), begin('caf\xe9'), end] }), 'E_FDT_NAME', STRUCTURE + 12],
  ['a node name of 256', blob({ structure: [begin(''), begin('n'.repeat(256)), end] }), 'E_FDT_NAME', STRUCTURE + 12],
  ['a node name without end', blob({ structure: [begin(''), u32(1, 0x61616161)] }), 'E_FDT_TRUNCATED', STRUCTURE + 12],
  [
    'two children of a name',
    blob({ structure: [begin(''), begin('a'), endNode, begin('a'), endNode, endNode, end] }),
    'E_FDT_DUPLICATE',
    STRUCTURE + 24,
  ],
  [
    'two properties of a name',
    blob({ structure: [begin(''), property(0), property(2), endNode, end], strings: 'p\0p\0' }),
    'E_FDT_DUPLICATE',
    STRUCTURE + 20,
  ],
  [
    'a property cut off',
    blob({ structure: [begin(''), u32(3, 0)], strings: 'p\0' }),
    'E_FDT_TRUNCATED',
    STRUCTURE + 16,
  ],
  [
    'a property of 4 GiB',
    blob({ structure: [begin(''), u32(3, 0xffffffff, 0)], strings: 'p\0' }),
    'E_FDT_TRUNCATED',
    STRUCTURE + 12,
  ],
  [
    'a property without its padding',
    patched(blob({ structure: [begin(''), u32(3, 1, 0), Buffer.alloc(1)], strings: 'p\0' }), 36, 21),
    'E_FDT_TRUNCATED',
    STRUCTURE + 21,
  ],
  [
    'a name outside',
    blob({ structure: [begin(''), property(2), endNode, end], strings: 'p\0' }),
    'E_FDT_NAME',
    STRUCTURE + 16,
  ],
  [
    'a name without end',
    blob({ structure: [begin(''), property(0), endNode, end], strings: 'p' }),
    'E_FDT_NAME',
    STRUCTURE + 16,
  ],
  [
    'an empty name',
    blob({ structure: [begin(''), property(1), endNode, end], strings: 'p\0' }),
    'E_FDT_NAME',
    STRUCTURE + 16,
  ],
  [
    'a name of 256',
    blob({ structure: [begin(''), property(0), endNode, end], strings: `${'p'.repeat(256)}\0` }),
    'E_FDT_NAME',
    STRUCTURE + 16,
  ],
];

describe('what is refused, with the offset', () => {
  test.each(cases)('%s', (_, bytes, code, offset) => {
    const error = failure(bytes);
    expect(error).toMatchObject({ code, offset, operation: 'parse device tree' });
    expect(error).toBeInstanceOf(CellvisorError);
    expect(error.message).toMatch(new RegExp(`^[^\\n]+ \\(at byte ${offset}\\)$`));
  });

  test('blocks that overlap', () => {
    const overlapping = patched(patched(smallest, 12, STRUCTURE + 12), 32, 4);
    expect(failure(overlapping)).toMatchObject({ code: 'E_FDT_HEADER', offset: 12 });
    expect(failure(overlapping).message).toContain('overlaps the structure block');
  });

  test('every truncation of a real layout is an error, never a crash', () => {
    const bytes = fixture('board.dtb');
    for (let length = 0; length < bytes.length; length++) {
      const cut = Buffer.from(bytes.subarray(0, length));
      expect(failure(cut).code).toBe('E_FDT_TRUNCATED');
      // A header that agrees with the shorter file gets further.
      if (length >= 8) expect(failure(patched(cut, 4, length))).toBeInstanceOf(FdtError);
    }
  });
});

describe('size', () => {
  test('one long string that names thousands of properties by its tails takes no more memory than it has bytes', () => {
    const count = 20_000;
    const structure = [begin(''), ...Array.from({ length: count }, (_, index) => property(index)), endNode, end];
    expect(failure(blob({ structure, strings: `${'x'.repeat(2 * count)}\0` })).code).toBe('E_FDT_NAME');
  });

  test('tens of thousands of nodes and properties are read and written in reasonable time', () => {
    const tree = new DeviceTree();
    for (let index = 0; index < 30_000; index++) tree.root.add(`n${index}`).set(`p${index % 1000}`, true);
    const wide = new DeviceTree();
    for (let index = 0; index < 20_000; index++) wide.root.set(`p${index}`, index);
    const started = process.cpuUsage();
    for (const each of [tree, wide]) {
      const bytes = write(each);
      expect(Buffer.compare(write(parse(bytes)), bytes)).toBe(0);
    }
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1000).toBeLessThan(10_000);
  });
});
