import { PCI_TYPE_IVSHMEM } from '../../abi/jailhouse';
import { ok, warning } from '../finding';
import { readIomem } from '../iomem';
import { overlaps, showRange } from '../memory-range';
import type { SystemConfig } from '../../abi/jailhouse';
import type { ExaminedConfig } from '../examined-config';
import type { Finding } from '../finding';
import type { LiveSystem } from '../live-system';

const BYTES_PER_BUS = 0x10_0000n;
/** What the driver needs of the kernel to show virtual devices to Linux (jailhouse-hypervisor reference 10.5). */
const OPTIONS = ['CONFIG_PCI_HOST_GENERIC', 'CONFIG_OF_OVERLAY'];

/** ivshmem devices of the root cell appear behind a PCI host that the driver adds. Where it cannot, enable works without them. */
export async function checkPci(system: LiveSystem, root: ExaminedConfig | undefined): Promise<Finding[]> {
  const config = root?.system;
  if (!config || !hasVirtualDevices(config)) return [];
  const findings = [...(await checkKernel(system)), ...(await checkWindow(system, config))];
  return findings.length > 0 ? findings : [ok('pci', "Linux can have the root cell's virtual PCI devices")];
}

function hasVirtualDevices({ pciIsVirtual, pciMmconfigBase, rootCell }: SystemConfig): boolean {
  return (
    pciIsVirtual !== 0 && pciMmconfigBase !== 0n && rootCell.pciDevices.some(({ type }) => type === PCI_TYPE_IVSHMEM)
  );
}

async function checkKernel(system: LiveSystem): Promise<Finding[]> {
  const options = await kernelOptions(system);
  if (options === undefined) {
    const hasHost = (await system.names('/sys/bus/platform/drivers')).includes('pci-host-generic');
    return hasHost
      ? []
      : [
          warning(
            'pci.unknown',
            'this kernel does not tell whether it can have virtual PCI devices',
            `it needs ${OPTIONS.join(' and ')}`,
          ),
        ];
  }
  const missing = OPTIONS.filter((option) => !options.includes(`${option}=y`));
  return missing.length === 0
    ? []
    : [
        warning(
          'pci.kernel',
          `this kernel is built without ${missing.join(' and ')}: there will be no /dev/uioN`,
          `build it with ${missing.map((option) => `${option}=y`).join(' ')}`,
        ),
      ];
}

async function kernelOptions(system: LiveSystem): Promise<string[] | undefined> {
  const packed = await system.bytes('/proc/config.gz');
  if (!packed) return undefined;
  const { gunzipSync } = await import('node:zlib');
  return gunzipSync(packed).toString().split('\n');
}

async function checkWindow(
  system: LiveSystem,
  { pciMmconfigBase, pciMmconfigEndBus }: SystemConfig,
): Promise<Finding[]> {
  const window = { start: pciMmconfigBase, end: pciMmconfigBase + BigInt(pciMmconfigEndBus + 1) * BYTES_PER_BUS };
  const iomem = await readIomem(system);
  const user = Array.isArray(iomem)
    ? iomem.find((one) => one.name === 'System RAM' && overlaps(one, window))
    : undefined;
  return user
    ? [
        warning(
          'pci.window',
          `the virtual PCI host's ${showRange(window)} is RAM that Linux uses`,
          'boot with the Jailhouse device tree, which reserves it',
        ),
      ]
    : [];
}
