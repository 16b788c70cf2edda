/** A PCI address within its domain: bus << 8 | device << 3 | function. */
export type Bdf = number;

export function bdf(bus: number, device: number, fn: number): Bdf {
  return (bus << 8) | (device << 3) | fn;
}

/** `01:02.3`, as the hypervisor prints it. */
export function formatBdf(address: Bdf): string {
  return `${hex2(address >> 8)}:${hex2((address >> 3) & 0x1f)}.${(address & 7).toString(16)}`;
}

/** `0001:01:02.3`, as Linux names the device. */
export function formatPciAddress(domain: number, address: Bdf): string {
  return `${domain.toString(16).padStart(4, '0')}:${formatBdf(address)}`;
}

/** Reads `01:02.3`. `undefined` for anything else. */
export function parseBdf(text: string): Bdf | undefined {
  const match = /^([0-9a-f]{2}):([01][0-9a-f])\.([0-7])$/i.exec(text);
  return match ? bdf(...(match.slice(1).map((digits) => parseInt(digits, 16)) as [number, number, number])) : undefined;
}

function hex2(value: number): string {
  return value.toString(16).padStart(2, '0');
}
