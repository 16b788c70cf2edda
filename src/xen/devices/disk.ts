import { DeviceState, deviceError, frontendPath } from './device';
import { scriptPath } from './vif';
import { vdevName, vdevNumber } from './vdev';
import type { DiskSpec } from '../config/disk-spec';
import type { DevicePlan } from './device';
import type { Kernel } from '../../kernel/kernel';

const DEFAULT_SCRIPT = 'block';

/**
 * What to write and run for a disk (xen-abi reference 13).
 * @param backendDomid what the disk's `backendDomain` stands for
 * @throws CellvisorError `E_XEN_DEVICE` for a disk that this toolstack cannot give
 */
export function planDisk(domid: number, disk: DiskSpec, backendDomid = 0): DevicePlan {
  const { virtualDevice: vdev, target, isWritable } = disk;
  const devid = vdevNumber(vdev);
  const address = { kind: 'vbd', domid, devid: devid ?? -1, backendDomid } as const;
  const wrong = (reason: string, hint?: string) =>
    deviceError(address, `disk ${vdev}: ${reason}`, { hint, errno: 'EINVAL' });
  if (devid === undefined)
    throw wrong('this is no name of a disk', 'xvda to xvdz and beyond, sda to sdp, hda to hdd, d0p0, or a number');
  if (disk.format !== 'raw') {
    throw wrong(
      `format ${disk.format} needs a device model`,
      "only format=raw works here: convert the image, for instance with 'qemu-img convert'",
    );
  }
  if (disk.specification === 'virtio') {
    throw wrong('specification=virtio needs a device model', 'leave it out');
  }
  if (disk.backendType !== undefined && disk.backendType !== 'phy') {
    throw wrong(`backendtype ${disk.backendType} needs a device model`, 'leave it out, or use backendtype=phy');
  }
  const script = scriptPath(disk.script ?? DEFAULT_SCRIPT);
  return {
    ...address,
    backend: [
      ['frontend', frontendPath(address)],
      ['params', target],
      ['script', script],
      ['frontend-id', String(domid)],
      ['online', '1'],
      ['removable', disk.isCdrom ? '1' : '0'],
      ['bootable', '1'],
      ['state', DeviceState.initialising],
      ['dev', vdevName(devid)],
      ['type', 'phy'],
      ['mode', isWritable ? 'w' : 'r'],
      ['device-type', disk.isCdrom ? 'cdrom' : 'disk'],
      ['discard-enable', (disk.discardEnabled ?? isWritable) ? '1' : '0'],
      ['specification', 'xen'],
    ],
    frontend: [
      ['backend-id', String(backendDomid)],
      ['state', DeviceState.initialising],
      ['virtual-device', String(devid)],
      ['device-type', disk.isCdrom ? 'cdrom' : 'disk'],
      ['trusted', disk.isTrusted === false ? '0' : '1'],
    ],
    hotplug: { script, online: ['add'], offline: ['remove'], environment: {} },
    hint: `the disk's target is ${target}`,
  };
}

/**
 * Looks whether a disk's target is there, before anything is made for it.
 * @throws CellvisorError `E_XEN_DEVICE` that names the file
 */
export async function checkDiskTarget(kernel: Pick<Kernel, 'stat'>, domid: number, disk: DiskSpec): Promise<void> {
  // What a script of another kind, or another domain, makes of the target is theirs to know.
  if (disk.script !== undefined || disk.backendDomain !== undefined) return;
  const address = { kind: 'vbd', domid, devid: vdevNumber(disk.virtualDevice) ?? -1, backendDomid: 0 } as const;
  try {
    const { kind } = await kernel.stat(disk.target);
    if (kind !== 'directory') return;
  } catch (cause) {
    const { message } = cause as Error;
    throw deviceError(
      address,
      `disk ${disk.virtualDevice}: target ${disk.target}: ${message.slice(message.lastIndexOf(': ') + 2)}`,
      { errno: 'ENOENT', cause },
    );
  }
  throw deviceError(address, `disk ${disk.virtualDevice}: target ${disk.target} is a folder`, { errno: 'EISDIR' });
}
