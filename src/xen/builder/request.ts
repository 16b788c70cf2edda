import { VRTC_SPI, VUART_SPI } from './device-tree/virtual-devices';
import { BuildError } from './build-error';
import { CDF_IOMMU, CDF_VPMU } from '../../abi/xen/domctl/domain';
import type { XenDialect } from '../../abi/xen/dialects/dialect';
import type { CreateRequest } from '../hypervisor/domains';
import type { DomainConfig } from '../config';

const FIRST_SPI = 32;

/**
 * What Xen is asked to create.
 * @throws BuildError `E_XEN_CONFIG` for what this release, or Arm, does not have
 */
export function createRequest(config: DomainConfig, dialect: XenDialect, cpupool: number): CreateRequest {
  checkSupport(config, dialect);
  return {
    uuid: uuidBytes(config.uuid),
    name: config.name,
    maxVcpus: config.maxVcpus ?? 1,
    gicVersion: config.gicVersion ?? 'native',
    ...(config.tee === 'optee' && { teeType: 'optee' as const }),
    spiCount: spiCount(config),
    extraFlags: (needsIommu(config) ? CDF_IOMMU : 0) | (config.vpmu ? CDF_VPMU : 0),
    ...(config.maxEventChannels !== undefined && { maxEventChannelPort: config.maxEventChannels }),
    ...(config.maxGrantFrames !== undefined && { maxGrantFrames: config.maxGrantFrames }),
    ...(config.maxMaptrackFrames !== undefined && { maxMaptrackFrames: config.maxMaptrackFrames }),
    ...(config.maxGrantVersion !== undefined && { grantVersion: config.maxGrantVersion }),
    cpupool,
  };
}

/** Devices can be assigned only to a domain that was made with an IOMMU. */
export function needsIommu({ assignedDevices, passthrough }: DomainConfig): boolean {
  return passthrough === undefined ? assignedDevices.length > 0 : passthrough !== 'disabled';
}

/** Up to the highest shared interrupt that the guest gets (xen-abi reference 5). */
export function spiCount({ interrupts, hasVuart, hasVrtc }: DomainConfig): number {
  const highest = Math.max(FIRST_SPI - 1, ...interrupts, hasVuart ? VUART_SPI : 0, hasVrtc ? VRTC_SPI : 0);
  return highest - FIRST_SPI + 1;
}

/** The 16 bytes, in the order in which they are written. */
export function uuidBytes(uuid: string): Uint8Array {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

function checkSupport(config: DomainConfig, dialect: XenDialect): void {
  const { isNxp, name } = dialect;
  const unsupported = (text: string, hint?: string) => new BuildError('E_XEN_CONFIG', text, hint);
  if (config.type === 'hvm') {
    throw unsupported('type: Arm has no hvm guests', 'leave type and builder out');
  }
  if (config.hasVrtc && !isNxp) throw unsupported(`vrtc: Xen ${name} emulates no clock`, "NXP's Xen does");
  if (config.tee === 'trusty' && name !== 'nxp-4.11') {
    throw unsupported(
      'Unknown tee "1" specified',
      `tee = 1 is for NXP's Xen 4.11, this is ${name}: tee = "optee" names one`,
    );
  }
  if (config.tee === 'optee' && dialect.minor < 13) {
    throw unsupported(`tee: Xen ${name} has no mediator for OP-TEE`, 'Xen 4.13 is the first that does');
  }
  const { memoryKiB, maxMemoryKiB } = config;
  if (memoryKiB === undefined || memoryKiB === 0) {
    throw new BuildError('E_XEN_MEMORY', 'memory: the domain has none', 'memory = MEBIBYTES says how much');
  }
  if (maxMemoryKiB !== undefined && maxMemoryKiB < memoryKiB) {
    throw new BuildError(
      'E_XEN_MEMORY',
      `maxmem: ${maxMemoryKiB / 1024} MiB is less than memory, ${memoryKiB / 1024} MiB`,
    );
  }
}
