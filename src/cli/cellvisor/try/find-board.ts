import { BOARDS, findBoard } from '../../../boards';
import { RELEASES } from '../../../board/releases';
import { CellvisorError } from '../../../errors';
import type { Dialect, SystemConfig } from '../../../abi/jailhouse';
import type { BoardDescription } from '../../../boards';
import type { Release } from '../../../board/releases';

/**
 * The board that a root cell was written for: its interrupt controller and debug console are where the config says. Several
 * boards of a family can have both in common; then the root cell's name decides.
 * @throws CellvisorError `E_TRY_BOARD` when that does not name exactly one
 */
export function boardOf(system: SystemConfig, wanted: string | undefined): BoardDescription {
  if (wanted !== undefined) return findBoard(wanted);
  const fitting = BOARDS.filter((board) => fits(board, system));
  const { name } = system.rootCell;
  const named = fitting.filter((board) => familyOf(board.name) === familyOf(name));
  const [board, ...others] = named.length > 0 ? named : fitting;
  if (board !== undefined && others.length === 0) return board;
  const names = (board === undefined ? BOARDS : [board, ...others]).map((one) => one.name).join(', ');
  throw new CellvisorError(
    board === undefined
      ? `no emulated board has its interrupt controller and console where root cell '${name}' expects them`
      : `root cell '${name}' fits several boards`,
    { code: 'E_TRY_BOARD', operation: 'find board', hint: `choose with --board: ${names}` },
  );
}

/** `imx8mm` of `imx8mm-evk` and of `imx8mm-veth`. */
function familyOf(name: string): string {
  return name.split('-', 1)[0] ?? name;
}

function fits(board: BoardDescription, system: SystemConfig): boolean {
  const { arm, debugConsole } = system;
  return (
    arm?.gicdBase === board.gic.gicdBase &&
    arm.gicrBase === board.gic.gicrBase &&
    (debugConsole.address === 0n || board.uarts.some((uart) => uart.physStart === debugConsole.address))
  );
}

/**
 * The release that accepts the config's layout.
 * @throws CellvisorError `E_TRY_RELEASE`
 */
export function releaseOf(dialect: Dialect): Release {
  const release = RELEASES.find((one) => one.dialect === dialect);
  if (release) return release;
  throw new CellvisorError(`no emulated Jailhouse release takes configs of dialect ${dialect}`, {
    code: 'E_TRY_RELEASE',
    operation: 'find release',
    hint: `releases take ${RELEASES.map((one) => `${one.name}: ${one.dialect}`).join(', ')}`,
  });
}
