import { addressCells, sizeCells, toCells } from '../../fdt';
import { isLinuxRam } from '../placement';
import type { CellConfig } from '../../abi/jailhouse';
import type { DeviceTree } from '../../fdt';

/** What the kernel is told. */
export interface BootWords {
  /** Absent, or empty: what the tree says stays. */
  readonly commandLine?: string | undefined;
  readonly initrd?: { readonly start: bigint; readonly sizeBytes: number } | undefined;
}

/** RAM at guest address 0 that is no larger than this is the loader's. */
const MOST_LOADER_BYTES = 0x1_0000n;

/**
 * Writes into a tree what depends on the cell (jailhouse-tools reference 11.3): its memory, the command line, the initrd.
 * Unlike in the C tool's script, other memory nodes go: a kernel would use what they name, which the cell does not have.
 *
 * @throws FdtError when an address does not fit the cells that the tree has for it
 */
export function fitTree(tree: DeviceTree, cell: CellConfig, { commandLine, initrd }: BootWords): void {
  const { root } = tree;
  for (const node of [...root.children]) {
    if (node.name !== 'memory' && node.string('device_type') === 'memory') node.detach();
  }
  const address = (value: bigint) => toCells(value, addressCells(root));
  const ram = cell.memoryRegions.filter(
    (region) => isLinuxRam(region) && (region.virtStart > 0n || region.size > MOST_LOADER_BYTES),
  );
  const memory = root.exactChild('memory') ?? root.add('memory');
  memory.set('device_type', 'memory').set(
    'reg',
    ram.flatMap(({ virtStart, size }) => [...address(virtStart), ...toCells(size, sizeCells(root))]),
  );
  const chosen = root.exactChild('chosen') ?? root.add('chosen');
  if (commandLine) chosen.set('bootargs', commandLine);
  if (initrd) {
    chosen
      .set('linux,initrd-start', address(initrd.start))
      .set('linux,initrd-end', address(initrd.start + BigInt(initrd.sizeBytes)));
  }
}
