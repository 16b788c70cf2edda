import { CONFIG_SPACE_BYTES, PCI_SUBSYSTEM_VENDOR_ID } from '../pci/config-space';
import { attribute, binaryFile, directory } from '../vfs/node';
import type { JailhouseModule } from '../jailhouse/jailhouse-module';
import type { KernelPciDevice } from '../pci/device';
import type { DirectoryNode } from '../vfs/node';

/** /sys/bus/pci/devices: what is behind the virtual host. */
export function pciBus(module: JailhouseModule): DirectoryNode {
  return directory(() => ({
    devices: directory(() =>
      Object.fromEntries(
        (module.enabled?.pciHost?.devices ?? []).map((device) => [device.name, pciDeviceDirectory(device)]),
      ),
    ),
  }));
}

export function pciDeviceDirectory(device: KernelPciDevice): DirectoryNode {
  const { vendor, device: deviceId, classCode, config } = device;
  const hex = (value: number, digits: number) => attribute(() => `0x${value.toString(16).padStart(digits, '0')}\n`);
  const subsystem = () => config.read32(PCI_SUBSYSTEM_VENDOR_ID);
  return directory(() => ({
    vendor: hex(vendor, 4),
    device: hex(deviceId, 4),
    subsystem_vendor: attribute(() => `0x${(subsystem() & 0xffff).toString(16).padStart(4, '0')}\n`),
    subsystem_device: attribute(() => `0x${(subsystem() >>> 16).toString(16).padStart(4, '0')}\n`),
    class: hex(classCode, 6),
    irq: attribute(() => `${device.irq}\n`),
    config: binaryFile(CONFIG_SPACE_BYTES, () => configSpace(device)),
    uevent: attribute(() => (device.driver === undefined ? '' : `DRIVER=${device.driver}\n`)),
  }));
}

function configSpace({ config }: KernelPciDevice): Uint8Array {
  const bytes = new Uint8Array(CONFIG_SPACE_BYTES);
  const view = new DataView(bytes.buffer);
  for (let register = 0; register < CONFIG_SPACE_BYTES; register += 4) {
    view.setUint32(register, config.read32(register), true);
  }
  return bytes;
}
