import { IMAGE_SIGNATURE, imageHeaderLayout, virtualConsoleLayout } from '../../../abi/jailhouse';
import { PAGE_SIZE } from '../../hypervisor/page-pool';
import type { ImageHeader } from '../../../abi/jailhouse';
import type { Release } from '../../releases';
import type { Linux } from '../linux/linux';

/** Linux passes the opcode interface since 4.12 (jailhouse-abi reference 5.1). */
const HYP_ABI_OPCODE = 1;

/**
 * The header of the hypervisor's image as the driver completes it. There is no image behind it: the hypervisor of an
 * emulated board is not arm64 code.
 */
export function imageHeader({ release, cpus }: Linux, maxCpus: number): Uint8Array {
  return encodeHeader(release, { maxCpus, onlineCpus: cpus.online.length, armLinuxHypAbi: HYP_ABI_OPCODE });
}

/** What stands in /lib/firmware: the header as the build leaves it, and nothing behind it. */
export function firmwareFile(release: Release): Uint8Array {
  const file = new Uint8Array(release.sizes.imageFile);
  file.set(encodeHeader(release, { maxCpus: 0, onlineCpus: 0, armLinuxHypAbi: 0 }));
  return file;
}

type DriverFields = Pick<ImageHeader, 'maxCpus' | 'onlineCpus' | 'armLinuxHypAbi'>;

function encodeHeader({ sizes }: Release, completed: DriverFields): Uint8Array {
  return imageHeaderLayout.encode({
    signature: IMAGE_SIGNATURE,
    coreSize: BigInt(sizes.core),
    percpuSize: BigInt(sizes.perCpu),
    entry: BigInt(sizes.entryOffset),
    consolePage: BigInt(sizes.consolePageOffset),
    gcovInfoHead: 0n,
    debugConsoleBase: 0n,
    armLinuxHypVectors: 0n,
    ...completed,
  });
}

/** The mapped image, with the console page as it is now: content of the sysfs file `core`. */
export function coreContent({ machine, release }: Linux, physStart: bigint): Uint8Array {
  const { core, consolePageOffset } = release.sizes;
  const content = machine.readPhysical(physStart, core);
  const page = virtualConsoleLayout.encode({ busy: 0, ...machine.consoleSnapshot() });
  content.set(page.subarray(0, PAGE_SIZE), consolePageOffset);
  return content;
}
