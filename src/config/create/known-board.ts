import { BOARDS } from '../../boards';
import type { BoardDescription } from '../../boards';
import type { DeviceTree } from '../../fdt';

/** The board of the guide that the tree is of: `fsl,imx8mm-evk` is `imx8mm-evk`. */
export function knownBoard(tree: DeviceTree): BoardDescription | undefined {
  const names = boardNames(tree);
  const model = tree.root.string('model');
  return BOARDS.find((board) => names.includes(board.name) || board.model === model);
}

/** From the most to the least specific: `imx8mm-evk`, `imx8mm`. */
export function boardNames(tree: DeviceTree): string[] {
  return (tree.root.strings('compatible') ?? [])
    .map((one) => one.slice(one.indexOf(',') + 1))
    .filter((one) => one !== '');
}
