import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from '../../../src/fdt';
import { describeUart, reserve } from '../docs/examples/fdt';

const board = join(__dirname, 'fixtures/board.dtb');

test('docs/fdt.md: reading', () => {
  expect(describeUart(board)).toBe(
    'example,uart; free; registers at 0x30890000; SPI 27 of interrupt-controller@38800000',
  );
});

test('docs/fdt.md: an overlay', () => {
  const work = mkdtempSync(join(tmpdir(), 'fdt-example-'));
  try {
    const [overlay, merged] = [join(work, 'cells.dtbo'), join(work, 'merged.dtb')];
    reserve(board, overlay, merged);
    expect(parse(readFileSync(overlay)).get('/__fixups__').strings('uart2')).toEqual(['/fragment@1:target:0']);
    const tree = parse(readFileSync(merged));
    expect(tree.get('/reserved-memory/inmate@bb700000').has('no-map')).toBe(true);
    expect(tree.get('serial1').string('status')).toBe('disabled');
  } finally {
    rmSync(work, { recursive: true });
  }
});
