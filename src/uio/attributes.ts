import { ivshmemVersion } from '../abi/jailhouse/ivshmem';
import { CellvisorError, KernelError } from '../errors';
import type { IvshmemVersion } from '../abi/jailhouse/ivshmem';
import type { Kernel } from '../kernel/kernel';

const CLASS = '/sys/class/uio';

/** A range of the device that programs may map. */
export interface UioMap {
  /** Such as `registers` or `shmem`; empty where the driver gives none. */
  readonly name: string;
  readonly sizeBytes: number;
}

/** What sysfs says of a UIO device. */
export interface UioAttributes {
  /** `uio0` */
  readonly device: string;
  /** Of the driver, such as `uio_ivshmem`. */
  readonly name: string;
  readonly version: string;
  /** By index. */
  readonly maps: readonly UioMap[];
  /** Absent when the device is no ivshmem device of a kind that we know. */
  readonly ivshmem: IvshmemVersion | undefined;
}

/**
 * Finds out what a `/dev/uioN` is.
 *
 * @throws CellvisorError E_UIO_UNKNOWN when it is no UIO device
 */
export async function readUioAttributes(kernel: Kernel, path: string): Promise<UioAttributes> {
  const device = path.slice(path.lastIndexOf('/') + 1);
  const folder = `${CLASS}/${device}`;
  const read = async (file: string) => text(await kernel.readFile(`${folder}/${file}`).catch(absent));
  const name = /^uio\d+$/.test(device) ? await read('name') : undefined;
  if (name === undefined) {
    throw new CellvisorError(`${path} is no UIO device`, {
      code: 'E_UIO_UNKNOWN',
      operation: `identify ${path}`,
      hint: `UIO devices are ${(await uioDevices(kernel)).join(', ') || 'absent: is uio_ivshmem.ko loaded, and Jailhouse enabled?'}`,
    });
  }
  const [version = '', vendor, id, maps] = await Promise.all([
    read('version'),
    read('device/vendor'),
    read('device/device'),
    readMaps(kernel, folder),
  ]);
  return { device, name, version, maps, ivshmem: whichIvshmem(vendor, id, maps) };
}

/** `/dev/uio0` and so on, as far as there are any. */
export async function uioDevices(kernel: Kernel): Promise<string[]> {
  const names = (await kernel.readDirectory(CLASS).catch(absent)) ?? [];
  return names.sort().map((name) => `/dev/${name}`);
}

/** PCI ids are the device's own word. Where sysfs does not show them, the number of maps tells: v2 has sections. */
function whichIvshmem(vendor: string | undefined, id: string | undefined, maps: readonly UioMap[]) {
  if (vendor !== undefined && id !== undefined) {
    return ivshmemVersion({ vendor: Number(vendor), device: Number(id) });
  }
  return maps.length === 2 ? 1 : maps.length >= 4 ? 2 : undefined;
}

async function readMaps(kernel: Kernel, folder: string): Promise<UioMap[]> {
  const names = (await kernel.readDirectory(`${folder}/maps`).catch(absent)) ?? [];
  const count = names.filter((name) => /^map\d+$/.test(name)).length;
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const read = async (file: string) =>
        text(await kernel.readFile(`${folder}/maps/map${index}/${file}`).catch(absent));
      return { name: (await read('name')) ?? '', sizeBytes: Number((await read('size')) ?? 0) };
    }),
  );
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes).trim();
}

function absent(error: unknown): undefined {
  if (!(error instanceof KernelError)) {
    throw error;
  }
}
