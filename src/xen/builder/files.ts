import { KernelError } from '../../errors';
import { strerror } from '../../errno';
import { BuildError } from './build-error';
import { readPartialTree } from './device-tree/partial';
import { readKernelImage } from './images/kernel-image';
import type { DeviceTree } from '../../fdt';
import type { Kernel } from '../../kernel/kernel';
import type { DomainConfig } from '../config';
import type { KernelImage } from './images/image';

/** The files that a configuration names, read and checked before anything is created. */
export interface GuestFiles {
  readonly kernel: KernelImage;
  readonly ramdisk?: Uint8Array | undefined;
  readonly partial?: { readonly tree: DeviceTree; readonly file: string } | undefined;
}

type FileKernel = Pick<Kernel, 'readFile'>;

/** Throws BuildError `E_XEN_IMAGE`, with the key and the file. */
export async function readGuestFiles(kernel: FileKernel, config: DomainConfig): Promise<GuestFiles> {
  const { kernel: kernelFile, ramdisk, deviceTree } = config;
  if (kernelFile === undefined) throw new BuildError('E_XEN_CONFIG', 'no kernel: kernel = "FILE" names one');
  const [kernelBytes, ramdiskBytes, treeBytes] = await Promise.all([
    readFile(kernel, 'kernel', kernelFile),
    ramdisk === undefined ? undefined : readFile(kernel, 'ramdisk', ramdisk),
    deviceTree === undefined ? undefined : readFile(kernel, 'device_tree', deviceTree),
  ]);
  return {
    kernel: await readKernelImage(kernelBytes, `kernel: ${kernelFile}`),
    ramdisk: ramdiskBytes,
    partial:
      treeBytes && deviceTree !== undefined
        ? { tree: readPartialTree(treeBytes, `device_tree: ${deviceTree}`), file: deviceTree }
        : undefined,
  };
}

async function readFile(kernel: FileKernel, key: string, path: string): Promise<Uint8Array> {
  try {
    return await kernel.readFile(path);
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new BuildError('E_XEN_IMAGE', `${key}: ${path}: ${strerror(error.errnoNumber)}`, undefined, error);
  }
}
