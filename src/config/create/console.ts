import { cannot } from './create-error';
import type { DeviceTree } from '../../fdt';
import type { Device } from './devices';

export interface Uart extends Device {
  readonly kind: 'imx' | 'lpuart' | 'pl011';
  /** Of its first register, which configs call it by. */
  readonly address: bigint;
}

const KINDS: readonly (readonly [Uart['kind'], RegExp])[] = [
  ['imx', /^fsl,imx(21|6q|8m[a-z]*)-uart$/],
  ['lpuart', /^fsl,(imx7ulp|imx8[a-z]+|vf610)-lpuart$/],
  ['pl011', /^arm,pl011$/],
];

/** UARTs that the hypervisor and inmates can print to. */
export function uartsOf(devices: readonly Device[]): Uart[] {
  return devices.flatMap((device) => {
    const kind = KINDS.find(([, pattern]) => device.compatible.some((one) => pattern.test(one)))?.[0];
    const address = device.regions[0]?.physStart;
    if (!kind || address === undefined) return [];
    return [{ ...device, names: [...device.names, ...dataSheetNames(kind, device.names)], kind, address }];
  });
}

/** NXP counts the UARTs of an i.MX 8M from 1 and the LPUARTs of an i.MX 8 from 0; Linux counts both from 0. */
function dataSheetNames(kind: Uart['kind'], names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const number = /^serial(\d+)$/.exec(name)?.[1];
    if (number === undefined || kind === 'pl011') return [];
    return [kind === 'imx' ? `uart${Number(number) + 1}` : `lpuart${number}`];
  });
}

/**
 * The UART that Linux' console is on, or the one asked for.
 *
 * @throws CellvisorError `E_CREATE_CONSOLE`
 */
export function readConsole(tree: DeviceTree, uarts: readonly Uart[], wanted: string | undefined): Uart {
  const known = uarts.map(({ names }) => names[0]).join(', ');
  if (wanted !== undefined) {
    const uart = uarts.find(({ names }) => names.includes(wanted));
    if (uart) return uart;
    throw cannot('E_CREATE_CONSOLE', `there is no UART '${wanted}'`, `there are ${known || 'none that are known'}`);
  }
  const [stdout] = (tree.find('/chosen')?.string('stdout-path') ?? '').split(':');
  const path = stdout ? tree.find(stdout)?.path : undefined;
  const uart = uarts.find((one) => one.path === path);
  if (uart) return uart;
  throw cannot(
    'E_CREATE_CONSOLE',
    path === undefined
      ? 'the device tree does not say which UART is the console'
      : `the console ${path} is no UART that Jailhouse drives`,
    `choose with --console: ${known || 'none that are known'}`,
  );
}
