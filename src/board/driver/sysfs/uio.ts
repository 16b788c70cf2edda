import { attribute, directory } from '../vfs/node';
import { pciDeviceDirectory } from './pci';
import type { UioCore, UioDevice, UioMap } from '../uio/uio-device';
import type { DirectoryNode } from '../vfs/node';

/** Width of a 64-bit address as the kernel's `%pa` prints it. */
const ADDRESS_DIGITS = 16;

/** /sys/class/uio (jailhouse-tools reference 13). */
export function uioClass({ devices }: UioCore): DirectoryNode {
  return directory(() => Object.fromEntries(devices.map((device) => [`uio${device.minor}`, uioDirectory(device)])));
}

function uioDirectory(device: UioDevice): DirectoryNode {
  const { name, version, maps, parent } = device.description;
  return directory(() => ({
    name: attribute(() => `${name}\n`),
    version: attribute(() => `${version}\n`),
    event: attribute(() => `${device.eventCount}\n`),
    maps: directory(() => Object.fromEntries(maps.map((map, index) => [`map${index}`, mapDirectory(map)]))),
    device: pciDeviceDirectory(parent),
  }));
}

function mapDirectory({ name, address, sizeBytes }: UioMap): DirectoryNode {
  const hex = (value: bigint) => `0x${value.toString(16).padStart(ADDRESS_DIGITS, '0')}\n`;
  return directory(() => ({
    name: attribute(() => `${name}\n`),
    addr: attribute(() => hex(address)),
    size: attribute(() => hex(sizeBytes)),
    offset: attribute(() => '0x0\n'),
  }));
}
