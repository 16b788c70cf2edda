import { uartsOf } from '../../config/create/console';
import { readDevices } from '../../config/create/devices';
import { toCells } from '../../fdt';
import { ownsRegisters, ownsSpi } from '../owned-device';
import { LEVEL_HIGH, SPI } from './gic';
import type { CellConfig } from '../../abi/jailhouse';
import type { Uart } from '../../config/create/console';
import type { Gic } from '../../config/create/gic';
import type { DeviceTree } from '../../fdt';

/** Names of a UART's two clocks (the kernel's bindings of each). */
const CLOCK_NAMES: Readonly<Record<Uart['kind'], readonly string[]>> = {
  imx: ['ipg', 'per'],
  lpuart: ['ipg', 'baud'],
  pl011: ['uartclk', 'apb_pclk'],
};
/** What a UART runs at unless its tree asks for more: the crystal, and for an LPUART what NXP's trees ask for. */
const CLOCK_HZ: Readonly<Record<Uart['kind'], number>> = { imx: 24_000_000, lpuart: 80_000_000, pl011: 24_000_000 };
const IMX8MQ_CLOCK_HZ = 25_000_000;

/** The second name is what makes Linux look for the first one's driver. */
const PL011 = ['arm,pl011', 'arm,primecell'];

/**
 * A UART of the cell as Linux' console: one whose interrupt the cell has, too, where there is one. Its clocks are given as
 * running, which in the root cell must be so.
 *
 * @returns what to say when there is none
 */
export function addConsole(tree: DeviceTree, board: DeviceTree, gic: Gic, cell: CellConfig): string | undefined {
  const uarts = uartsOf(readDevices(board, gic)).filter((uart) => ownsRegisters(cell, uart.address));
  const uart = uarts.find((one) => one.spis.every((spi) => ownsSpi(cell, spi))) ?? uarts[0];
  if (!uart) return `cell "${cell.name}" has no UART of the board: Linux will be silent`;

  const { root } = tree;
  const phandle = tree.maxPhandle + 1;
  const isImx8mq = board.root.isCompatible('fsl,imx8mq');
  root
    .add('uart-clock')
    .set('compatible', 'fixed-clock')
    .set('#clock-cells', 0)
    .set('clock-frequency', uart.kind === 'imx' && isImx8mq ? IMX8MQ_CLOCK_HZ : CLOCK_HZ[uart.kind])
    .set('phandle', phandle);
  const [region] = uart.regions;
  const node = root
    .add(`serial@${uart.address.toString(16)}`)
    .set('compatible', uart.kind === 'pl011' ? PL011 : uart.compatible)
    .set('reg', [...toCells(uart.address, 2), ...toCells(region?.sizeBytes ?? 0n, 2)])
    .set('clocks', [phandle, phandle])
    .set('clock-names', CLOCK_NAMES[uart.kind]);
  const own = uart.spis.filter((spi) => ownsSpi(cell, spi));
  if (own.length > 0)
    node.set(
      'interrupts',
      own.flatMap((spi) => [SPI, spi, LEVEL_HIGH]),
    );
  // The number by which Linux calls it: ttymxc3 is serial3, here as in the root cell.
  const alias = uart.names.find((name) => /^serial\d+$/.test(name));
  if (alias !== undefined) root.add('aliases').set(alias, node.path);
  root.child('chosen')?.set('stdout-path', node.path);
  return own.length === uart.spis.length
    ? undefined
    : `cell "${cell.name}" has ${node.name} but not its interrupt, SPI ${uart.spis.join(', ')}: Linux prints to it with earlycon only`;
}
