import { JailhouseFile } from './jailhouse/device';
import { KmsgFile } from './linux/kmsg-file';
import { formatKmsgRecord } from './linux/kernel-log';
import { firmwareFile } from './jailhouse/image';
import { cpuinfoText } from './procfs/cpuinfo';
import { deviceTree } from './procfs/device-tree';
import { interruptsText } from './procfs/interrupts';
import { iomemText } from './procfs/iomem';
import { uptimeText } from './procfs/uptime';
import { cpuDirectory } from './sysfs/cpus';
import { jailhouseDevice } from './sysfs/jailhouse-device';
import { modules } from './sysfs/module';
import { pciBus } from './sysfs/pci';
import { uioClass } from './sysfs/uio';
import { UioFile } from './uio/uio-file';
import { attribute, binaryFile, directory, procFile } from './vfs/node';
import type { JailhouseModule } from './jailhouse/jailhouse-module';
import type { DirectoryNode, Node } from './vfs/node';

/** Major number of miscellaneous devices, and the first one that is handed out dynamically. */
const MISC_DEVICE_NUMBER = '10:58';

/** Everything that has a path on the board. */
export function fileSystem(module: JailhouseModule): DirectoryNode {
  const parts: Record<string, Node> = {
    dev: directory(() => devices(module)),
    lib: directory(() => ({ firmware: directory(() => firmware(module)) })),
    proc: directory(() => proc(module)),
    sys: directory(() => sys(module)),
  };
  return directory(() => parts);
}

function devices(module: JailhouseModule): Record<string, Node> {
  const { linux, uio } = module;
  return {
    jailhouse: { kind: 'device', open: (flags) => new JailhouseFile(module, flags) },
    kmsg: {
      kind: 'device',
      open: (flags) => new KmsgFile(linux.log, flags),
      content: () => new TextEncoder().encode(linux.log.all().map(formatKmsgRecord).join('')),
    },
    ...Object.fromEntries(
      uio.devices.map((device): [string, Node] => [
        `uio${device.minor}`,
        { kind: 'device', open: (flags) => new UioFile(linux, device, flags) },
      ]),
    ),
  };
}

function proc({ linux }: JailhouseModule): Record<string, Node> {
  return {
    cpuinfo: procFile(() => cpuinfoText(linux)),
    'device-tree': deviceTree(linux.board),
    interrupts: procFile(() => interruptsText(linux)),
    iomem: procFile(() => iomemText(linux.memoryMap)),
    sys: directory(() => ({
      kernel: directory(() => ({
        random: directory(() => ({ boot_id: procFile(() => `${linux.bootId}\n`) })),
      })),
    })),
    uptime: procFile(() => uptimeText(linux)),
    version: procFile(() => `Linux version ${linux.release.linux.kernelVersion}\n`),
  };
}

function firmware({ hasFirmware, linux }: JailhouseModule): Record<string, Node> {
  return hasFirmware
    ? { 'jailhouse.bin': binaryFile(linux.release.sizes.imageFile, () => firmwareFile(linux.release)) }
    : {};
}

function sys(module: JailhouseModule): Record<string, Node> {
  return {
    bus: directory(() => ({
      pci: pciBus(module),
      platform: directory(() => ({ drivers: directory(() => ({ 'pci-host-generic': directory(() => ({})) })) })),
    })),
    class: directory(() => ({
      misc: directory(() => ({
        jailhouse: directory(() => ({ dev: attribute(() => `${MISC_DEVICE_NUMBER}\n`) })),
      })),
      uio: uioClass(module.uio),
    })),
    devices: directory(() => ({
      jailhouse: jailhouseDevice(module),
      system: directory(() => ({ cpu: cpuDirectory(module.linux.cpus) })),
    })),
    module: modules(module),
  };
}
