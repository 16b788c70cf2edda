/** Names and numbers of virtual disks (xen-vbd-interface(7); xen-abi reference 13: xvda is 51712 = 202 << 8). */

const EXTENDED = 1 << 28;
const MAX_EXTENDED_DISK = 0xfffff;

/** Numbers of letters: a is 0, z is 25, aa is 26. */
function diskOfLetters(letters: string): number {
  let disk = 0;
  for (const letter of letters) disk = disk * 26 + (letter.charCodeAt(0) - 'a'.charCodeAt(0) + 1);
  return disk - 1;
}

function lettersOfDisk(disk: number): string {
  const rest = Math.floor(disk / 26);
  return (rest > 0 ? lettersOfDisk(rest - 1) : '') + String.fromCharCode('a'.charCodeAt(0) + (disk % 26));
}

/**
 * The number of a virtual disk: of `xvda`, `xvdb3`, `sda`, `hdc1`, `d2p1`, or of a number as it is.
 * @returns undefined for what names no disk
 */
export function vdevNumber(vdev: string): number | undefined {
  if (/^(0x[0-9a-f]+|\d+)$/i.test(vdev)) {
    const number = Number(vdev);
    return number <= 0x7fff_ffff ? number : undefined;
  }
  const numbered = /^d(\d{1,7})(?:p(\d{1,3}))?$/.exec(vdev);
  if (numbered !== null) return xvdNumber(Number(numbered[1]), Number(numbered[2] ?? 0));
  const named = /^(xvd|sd|hd)([a-z]{1,5})(\d{1,3})?$/.exec(vdev);
  if (named === null) return undefined;
  const [, prefix, letters = '', digits = '0'] = named;
  const disk = diskOfLetters(letters);
  const partition = Number(digits);
  if (prefix === 'xvd') return xvdNumber(disk, partition);
  if (prefix === 'sd') return disk <= 15 && partition <= 15 ? (8 << 8) | (disk << 4) | partition : undefined;
  if (disk > 3 || partition > 63) return undefined;
  return ((disk < 2 ? 3 : 22) << 8) | ((disk & 1) << 6) | partition;
}

function xvdNumber(disk: number, partition: number): number | undefined {
  if (disk <= 15 && partition <= 15) return (202 << 8) | (disk << 4) | partition;
  if (disk > MAX_EXTENDED_DISK || partition > 255) return undefined;
  return EXTENDED | (disk << 8) | partition;
}

/** The name that a guest will see: `xvda` of 51712, `hdc1` of 5633; the number itself where it is of none of these kinds. */
export function vdevName(number: number): string {
  if ((number & EXTENDED) !== 0) return named('xvd', (number >> 8) & MAX_EXTENDED_DISK, number & 0xff);
  const [major, minor] = [number >> 8, number & 0xff];
  if (major === 202) return named('xvd', minor >> 4, minor & 15);
  if (major === 8) return named('sd', minor >> 4, minor & 15);
  if (major === 3 || major === 22) return named('hd', (major === 3 ? 0 : 2) + (minor >> 6), minor & 63);
  return String(number);
}

function named(prefix: string, disk: number, partition: number): string {
  return `${prefix}${lettersOfDisk(disk)}${partition === 0 ? '' : partition}`;
}
