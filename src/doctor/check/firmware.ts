import { IMAGE_SIGNATURE, imageHeaderLayout } from '../../abi/jailhouse';
import { ok, problem } from '../finding';
import { cpusOfCell } from '../examined-config';
import type { ImageHeader, SystemConfig } from '../../abi/jailhouse';
import type { ExaminedConfig } from '../examined-config';
import type { Finding } from '../finding';
import type { LiveSystem } from '../live-system';

const IMAGE = 'jailhouse.bin';
const INSTALL = `copy ${IMAGE} of the driver's own build to /lib/firmware`;

/** The hypervisor is where the kernel looks for it, is one, and fits into its memory (jailhouse-abi reference 1.3, 9 to 11). */
export async function checkFirmware(system: LiveSystem, root: ExaminedConfig | undefined): Promise<Finding[]> {
  const found = await findImage(system);
  if (!found) return [problem('firmware.missing', `the kernel will not find ${IMAGE}`, INSTALL)];
  const { path, bytes } = found;
  const header = readHeader(bytes);
  if (typeof header === 'string') return [problem('firmware.damaged', `${path} ${header}`, INSTALL)];
  const misfit = root?.system && whatDoesNotFit(header, bytes.length, root.system, root.sizeBytes);
  return misfit === undefined
    ? [ok('firmware', `${path}: a hypervisor of ${bytes.length} bytes`)]
    : [
        problem(
          'firmware.too-large',
          `${path}: ${misfit}`,
          'give hypervisor_memory of the root cell more, and reserve it in the device tree',
        ),
      ];
}

/** Folders in the kernel's order (its documentation of firmware search paths). */
async function findImage(system: LiveSystem): Promise<{ path: string; bytes: Uint8Array } | undefined> {
  const custom = await system.line('/sys/module/firmware_class/parameters/path');
  const release = await system.kernelRelease();
  const folders = [
    ...(custom ? [custom] : []),
    ...(release === undefined ? [] : [`/lib/firmware/updates/${release}`]),
    '/lib/firmware/updates',
    ...(release === undefined ? [] : [`/lib/firmware/${release}`]),
    '/lib/firmware',
  ];
  for (const folder of folders) {
    const bytes = await system.bytes(`${folder}/${IMAGE}`);
    if (bytes) return { path: `${folder}/${IMAGE}`, bytes };
  }
  return undefined;
}

function readHeader(bytes: Uint8Array): ImageHeader | string {
  if (bytes.length < imageHeaderLayout.sizeBytes) return `is cut short: ${bytes.length} bytes`;
  const signature = new TextDecoder('latin1').decode(bytes.subarray(0, IMAGE_SIGNATURE.length));
  if (signature !== IMAGE_SIGNATURE) return 'is no Jailhouse hypervisor: it has another signature';
  const header = imageHeaderLayout.decode(bytes.subarray(0, imageHeaderLayout.sizeBytes));
  return header.coreSize < BigInt(bytes.length) || header.entry >= header.coreSize
    ? 'is damaged: the sizes in its header contradict the file'
    : header;
}

function whatDoesNotFit(
  { coreSize, percpuSize }: ImageHeader,
  imageBytes: number,
  { hypervisorMemory, rootCell }: SystemConfig,
  configBytes: number,
): string | undefined {
  const cpuCount = Math.max(0, ...cpusOfCell(rootCell)) + 1;
  const needed = coreSize + BigInt(cpuCount) * percpuSize + BigInt(configBytes);
  const room = hypervisorMemory.size;
  return BigInt(imageBytes) >= room || needed >= room
    ? `with ${cpuCount} CPUs and the config it needs more than 0x${needed.toString(16)} bytes, hypervisor_memory has 0x${room.toString(16)}`
    : undefined;
}
