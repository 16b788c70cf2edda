import { DeviceTree, parse, printDts, write } from '../../../src/fdt';
import { begin, blob, end, endNode, fixture, nop, property, STRUCTURE, u32 } from './blob';

const FIXTURES = ['board.dtb', 'values.dtb', 'overlay.dtbo', 'overlaid.dtb'];

/** The same tree in new nodes, which know nothing of a blob. */
function rebuilt(tree: DeviceTree): DeviceTree {
  const copy = new DeviceTree(tree.root.clone());
  copy.bootCpu = tree.bootCpu;
  copy.reservations.push(...tree.reservations);
  return copy;
}

describe('a tree that was not edited', () => {
  test.each(FIXTURES)('%s is written as it was', (name) => {
    expect(Buffer.compare(write(parse(fixture(name))), fixture(name))).toBe(0);
    expect(Buffer.compare(write(parse(fixture(name)).clone()), fixture(name))).toBe(0);
  });

  test('NOPs, bytes that fill up, free room, unused and doubled names stay', () => {
    const odd = Buffer.concat([u32(3, 1, 0), Buffer.from([7, 0xaa, 0xbb, 0xcc])]);
    const name = Buffer.concat([u32(1), Buffer.from([0x61, 0, 0xdd, 0xee])]);
    const structure = [nop, begin(''), nop, odd, property(4), name, nop, endNode, nop, endNode, nop, nop, end];
    const bytes = blob({ structure, strings: 'p\0p\0q\0unused\0', freeBytes: 7 });
    bytes.fill(0x99, bytes.length - 5);
    expect(Buffer.compare(write(parse(bytes)), bytes)).toBe(0);
  });

  test('the second of two equal names is kept', () => {
    const bytes = blob({ structure: [begin(''), property(2), endNode, end], strings: 'p\0p\0' });
    expect(Buffer.compare(write(parse(bytes)), bytes)).toBe(0);
  });

  test('version 16, and a later one, stay what they are', () => {
    const structure = [begin(''), property(0), endNode, end];
    for (const [version, lastCompatibleVersion] of [
      [16, 16],
      [18, 17],
    ] as const) {
      const bytes = blob({ structure, strings: 'p\0', version, lastCompatibleVersion });
      expect(Buffer.compare(write(parse(bytes)), bytes)).toBe(0);
    }
  });

  test('blocks in another order with gaps between them stay where they are', () => {
    const structure = Buffer.concat([begin(''), property(0), endNode, end]);
    const bytes = Buffer.concat([
      u32(
        0xd00dfeed,
        40 + 8 + structure.length + 4 + 16 + 3,
        48,
        40,
        48 + structure.length + 4,
        17,
        16,
        0,
        2,
        structure.length,
      ),
      Buffer.from('p\0\x11\x22\x33\x44\x55\x66', 'latin1'),
      structure,
      Buffer.from([1, 2, 3, 4]),
      Buffer.alloc(16),
      Buffer.from([5, 6, 7]),
    ]);
    expect(parse(bytes).root.has('p')).toBe(true);
    expect(Buffer.compare(write(parse(bytes)), bytes)).toBe(0);
  });
});

describe('a new tree', () => {
  test.each(FIXTURES.slice(0, 3))('%s, rebuilt, is laid out as dtc does', (name) => {
    expect(Buffer.compare(write(rebuilt(parse(fixture(name)))), fixture(name))).toBe(0);
  });

  test('an empty one is read again', () => {
    const tree = new DeviceTree();
    tree.bootCpu = 2;
    tree.freeBytes = 100;
    tree.reservations.push({ address: 0x8000_0000_0000n, sizeBytes: 0x1000n });
    const again = parse(write(tree));
    expect(again).toMatchObject({ bootCpu: 2, freeBytes: 100, reservations: tree.reservations });
    expect(printDts(again)).toBe(printDts(tree));
  });

  test('a name that is the tail of another has no bytes of its own', () => {
    const tree = new DeviceTree();
    tree.root.set('the-reg', true).set('reg', true);
    const bytes = write(tree);
    expect(bytes.subarray(-8)).toEqual(Buffer.from('the-reg\0'));
  });
});

describe('edits', () => {
  test('of the same size change only their bytes', () => {
    const bytes = fixture('board.dtb');
    const tree = parse(bytes);
    tree.get('serial1').set('status', 'okaydoke');
    const edited = write(tree);
    const changed = [...edited.keys()].filter((offset) => edited[offset] !== bytes[offset]);
    expect(edited).toHaveLength(bytes.length);
    expect(changed.length).toBeLessThanOrEqual('disabled'.length);
    expect(parse(edited).get('serial1').string('status')).toBe('okaydoke');
  });

  test('of the boot CPU change the header alone', () => {
    const tree = parse(fixture('board.dtb'));
    tree.bootCpu = 1;
    const expected = Buffer.from(fixture('board.dtb'));
    expected.writeUInt32BE(1, 28);
    expect(Buffer.compare(write(tree), expected)).toBe(0);
  });

  test('that change sizes keep the free room, the reservations and the names in their places', () => {
    const structure = [begin(''), property(2), property(0), endNode, end];
    const tree = parse(blob({ structure, strings: 'p\0q\0', freeBytes: 64 }));
    tree.root.add('child').set('new', [1, 2]);
    const bytes = write(tree);
    const again = parse(bytes);
    expect(again.freeBytes).toBe(64);
    expect(again.get('/child').u32s('new')).toEqual([1, 2]);
    expect(bytes.toString().includes('p\0q\0new\0')).toBe(true);
    expect(Buffer.from(bytes).readUInt32BE(STRUCTURE + 8 + 8)).toBe(2);
  });

  test('undone give the bytes that were read', () => {
    const tree = parse(fixture('board.dtb'));
    tree.root.add('temporary').set('reg', 1);
    expect(write(tree)).not.toHaveLength(fixture('board.dtb').length);
    tree.get('/temporary').detach();
    expect(Buffer.compare(write(tree), fixture('board.dtb'))).toBe(0);
  });

  test('of a version 16 tree stay version 16', () => {
    const tree = parse(blob({ structure: [begin(''), endNode, end], version: 16 }));
    tree.root.set('p', 'text');
    const bytes = write(tree);
    expect(Buffer.from(bytes).readUInt32BE(20)).toBe(16);
    expect(parse(bytes).root.string('p')).toBe('text');
  });

  test('values whose filling bytes were not zeros lose these', () => {
    const odd = Buffer.concat([u32(3, 1, 0), Buffer.from([7, 0xaa, 0xbb, 0xcc])]);
    const tree = parse(blob({ structure: [begin(''), odd, endNode, end], strings: 'p\0' }));
    tree.root.set('p', Uint8Array.of(8));
    expect(write(tree).subarray(STRUCTURE + 20, STRUCTURE + 24)).toEqual(Buffer.from([8, 0, 0, 0]));
  });

  test('nodes move between trees', () => {
    const from = parse(fixture('board.dtb'));
    const to = parse(fixture('values.dtb'));
    to.root.attach(from.get('/soc@0').clone());
    from.get('/soc@0').detach();
    expect(parse(write(to)).get('/soc@0/bus/serial@30890000').u32s('reg')).toEqual([0x30890000, 0x10000]);
    expect(parse(write(from)).find('/soc@0')).toBeUndefined();
  });
});
