import { cannot } from '../create/create-error';
import { overlaps, toPages } from '../create/ranges';
import type { BoardFacts } from '../create/board-facts';
import type { Uart } from '../create/console';
import type { Device } from '../create/devices';
import type { Wish } from './wish';

export interface CellDevices {
  /** The cell's own. */
  readonly devices: readonly Device[];
  /** What it prints to. */
  readonly console: Uart;
  /** The console stays with Linux, which prints there too. */
  readonly isConsoleShared: boolean;
}

/**
 * Finds the devices of a wish.
 *
 * @throws CellvisorError `E_CREATE_DEVICE`
 */
export function findCellDevices(wish: Wish, facts: BoardFacts): CellDevices {
  const devices = wish.devices.map((name) => findDevice(name, facts));
  const uart = wish.uart === undefined ? undefined : findUart(wish.uart, facts);
  const own = uart && uart.path !== facts.console.path ? [uart, ...devices] : devices;
  const shared = own.find(({ path }) => path === facts.console.path);
  if (shared) {
    throw cannot('E_CREATE_DEVICE', `cell '${wish.name}' cannot have ${nameOf(shared)}: the hypervisor prints to it`);
  }
  const console = uart ?? facts.console;
  return { devices: unique(own), console, isConsoleShared: console.path === facts.console.path };
}

/** A UART that Linux does not use, for a second Linux: the last one, as the first ones are wired to consoles and radios. */
export function spareUart(facts: BoardFacts, taken: readonly string[]): Uart | undefined {
  return facts.uarts.findLast(({ isUsed, path }) => !isUsed && path !== facts.console.path && !taken.includes(path));
}

export function nameOf({ names, path }: Device): string {
  return names[0] ?? path;
}

/** Devices in use that share a page with one that is given away: the cell gets their registers too. */
export function neighbours(device: Device, { devices }: BoardFacts): Device[] {
  const pages = device.regions.map(toPages);
  return devices.filter(
    (one) =>
      one.isUsed &&
      !one.isBus &&
      one.path !== device.path &&
      !one.path.startsWith(`${device.path}/`) &&
      one.regions.some((region) => pages.some((page) => overlaps(page, region))),
  );
}

function findUart(name: string, { uarts }: BoardFacts): Uart {
  const uart = uarts.find(({ names }) => names.includes(name));
  if (uart) return uart;
  throw cannot('E_CREATE_DEVICE', `there is no UART '${name}'`, `there are ${uarts.map(nameOf).join(', ') || 'none'}`);
}

function findDevice(name: string, { devices, uarts, soc }: BoardFacts): Device {
  const device = uarts.find(({ names }) => names.includes(name)) ?? devices.find(({ names }) => names.includes(name));
  if (device?.isBus) {
    throw cannot('E_CREATE_DEVICE', `${device.path} is a bus: name the devices on it`);
  }
  if (device) return device;
  const aliases = devices.flatMap(({ names }) => names.slice(0, 1)).filter((one) => !one.includes('@'));
  throw cannot(
    'E_CREATE_DEVICE',
    `the device tree of ${soc} has no device '${name}' with registers`,
    `name it as the tree does (mmc@30b40000), or by an alias: ${aliases.join(', ') || 'there are none'}`,
  );
}

function unique(devices: readonly Device[]): Device[] {
  return [...new Map(devices.map((device) => [device.path, device])).values()];
}
