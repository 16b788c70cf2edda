import {
  CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE,
  CON_FLAG_MMIO,
  CON_FLAG_REGDIST_4,
  CON_TYPE_IMX,
  CON_TYPE_IMX_LPUART,
  CON_TYPE_NONE,
  CON_TYPE_PL011,
  CON_TYPE_SCIF,
  CON_V9_MMIO,
  CON_V9_REGDIST_4,
  CON_V9_TYPE_MASK,
  dialectTraits,
  hasVirtualConsole,
  MEM_ROOTSHARED,
} from '../../../abi/jailhouse';
import { at, atRegion, inSystem, onBoard } from '../finding';
import { holds, physical, virtual } from '../ranges';
import { cellWords, hex, list } from '../words';
import type { Place, Report } from '../finding';
import type { Hardware } from '../hardware';
import type { CheckedCell, CheckedSystem, Subject } from '../subject';
import type { Console } from '../../../abi/jailhouse';

const WIDE_TYPES: readonly number[] = [CON_TYPE_IMX, CON_TYPE_IMX_LPUART, CON_TYPE_PL011];
const TYPE_OF_KIND = { imx: CON_TYPE_IMX, lpuart: CON_TYPE_IMX_LPUART, pl011: CON_TYPE_PL011 } as const;

/** A console in one way, whatever the dialect. */
interface Uart {
  readonly address: bigint;
  readonly type: number;
  readonly isMmio: boolean;
  readonly isWide: boolean;
}

/** UARTs of hypervisor and cells (jailhouse-abi reference 3.5). */
export function checkConsoles({ system, cells, hardware }: Subject, report: Report): void {
  if (system) {
    const { debugConsole, architecture } = system.config;
    const uart = uartOf(debugConsole, dialectTraits(system.dialect).revision);
    if (uart && architecture !== 'x86') {
      const place = (field: string, value: string) => inSystem(system, `debug_console.${field}`, value);
      checkUart('the hypervisor', uart, debugConsole, place, hardware, report);
      if (debugConsole.size === 0) {
        report('CONSOLE-SIZE', { message: "the hypervisor's UART has size 0", places: [place('size', '0x0')] });
      }
    }
  }
  for (const cell of cells) {
    checkCell(cell, system, hardware, report);
  }
}

function checkCell(
  cell: CheckedCell,
  system: CheckedSystem | undefined,
  hardware: Hardware | undefined,
  report: Report,
): void {
  const { console, flags } = cell.config;
  const uart = console && uartOf(console, dialectTraits(cell.dialect).revision);
  if (console && uart && (cell.config.architecture ?? system?.config.architecture) !== 'x86') {
    const place = (field: string, value: string) => at(cell, `console.${field}`, value);
    checkUart(cellWords(cell), uart, console, place, hardware, report);
    if (uart.isMmio && !cell.config.memoryRegions.some((region) => holds(virtual(region), uart.address))) {
      report('CONSOLE-UNMAPPED', {
        message: `${cellWords(cell)} prints to a UART at ${hex(uart.address)} that it does not map`,
        places: [place('address', hex(uart.address))],
      });
    }
  }
  if (system) {
    checkTaken(cell, system, report);
    const active = (flags & CELL_FLAG_VIRTUAL_CONSOLE_ACTIVE) !== 0 && dialectTraits(cell.dialect).revision >= 10;
    if (active && !hasVirtualConsole(system.config)) {
      report('CONSOLE-VIRTUAL', {
        message: `${cellWords(cell)} prints to the virtual console, which root cannot read`,
        places: [at(cell, 'flags', hex(flags)), inSystem(system, 'flags', hex(system.config.flags ?? 0))],
      });
    }
  }
}

function uartOf({ address, type, flags }: Console, revision: number): Uart | undefined {
  const found =
    revision >= 10
      ? {
          address,
          type: type ?? CON_TYPE_NONE,
          isMmio: (flags & CON_FLAG_MMIO) !== 0,
          isWide: (flags & CON_FLAG_REGDIST_4) !== 0,
        }
      : {
          address,
          type: flags & CON_V9_TYPE_MASK,
          isMmio: (flags & CON_V9_MMIO) !== 0,
          isWide: (flags & CON_V9_REGDIST_4) !== 0,
        };
  return found.type === CON_TYPE_NONE ? undefined : found;
}

function checkUart(
  who: string,
  uart: Uart,
  console: Console,
  place: (field: string, value: string) => Place,
  hardware: Hardware | undefined,
  report: Report,
): void {
  const { type, address } = uart;
  if (type > CON_TYPE_SCIF) {
    report('CONSOLE-TYPE', { message: `${who} has a UART of type ${type}`, places: [place('type', `${type}`)] });
  }
  if (!uart.isMmio || (!uart.isWide && WIDE_TYPES.includes(type))) {
    report('CONSOLE-ACCESS', {
      message: `${who} is told to reach its UART by ${uart.isMmio ? 'registers of one byte' : 'I/O ports'}`,
      places: [place('flags', hex(console.flags))],
    });
  }
  const uarts = hardware?.uarts ?? [];
  const there = uarts.find(({ physStart }) => physStart === address);
  if (hardware && uarts.length > 0 && (!there || TYPE_OF_KIND[there.kind] !== type)) {
    const known = there ? [there] : uarts;
    report('HW-UART', {
      message: `${who} prints to a UART of type ${type} at ${hex(address)}, which ${hardware.name} does not have`,
      places: [
        place('address', hex(address)),
        onBoard(hardware.name, list(known.map((one) => `${one.name}: ${one.kind} at ${hex(one.physStart)}`))),
      ],
    });
  }
}

function checkTaken(cell: CheckedCell, system: CheckedSystem, report: Report): void {
  const { address, type } = system.config.debugConsole;
  if (address === 0n || type === CON_TYPE_NONE) {
    return;
  }
  cell.config.memoryRegions.forEach((region, index) => {
    if (holds(physical(region), address) && (region.flags & MEM_ROOTSHARED) === 0n) {
      report('CONSOLE-TAKEN', {
        message: `mem_regions[${index}] of ${cellWords(cell)} takes the hypervisor's UART from the root cell`,
        places: [atRegion(cell, index, 'flags'), inSystem(system, 'debug_console.address', hex(address))],
        remedy: `mem_regions[${index}].flags = ${hex(region.flags | MEM_ROOTSHARED)}`,
      });
    }
  });
}
