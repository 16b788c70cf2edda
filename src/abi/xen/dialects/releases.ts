import { irqPermission411, irqPermission416 } from '../domctl/devices';
import {
  archConfig411,
  archConfig413,
  archConfig418,
  CDF_HAP,
  CDF_HVM,
  createDomain411,
  createDomain413,
  createDomain415,
  createDomain416,
  createDomain417,
  createDomain419,
  domainInfo411,
  domainInfo416,
  withDomainName,
} from '../domctl/domain';
import { vcpuContext411, vcpuContext416 } from '../domctl/vcpu';
import { physInfo411, physInfo417 } from '../sysctl/host';
import { nxpGuestMemory, upstreamGuestMemory } from './guest-memory';
import type { XenDialect } from './dialect';

/** The header and a union of 128 bytes. */
const DOMCTL_BYTES = 144;
/** NXP's domain info, of 368 bytes, makes the union larger. */
const NXP_DOMCTL_BYTES = 384;

const CAPABILITIES_411 = ['hvm', 'directio'];
const CAPABILITIES_413 = ['hvm', 'pv', 'directio', 'hap', 'shadow', 'iommu_hap_pt_share'];
const CAPABILITIES_416 = [...CAPABILITIES_413, 'vmtrace', 'vpmu', 'gnttab-v1', 'gnttab-v2'];

const xen411: XenDialect = {
  name: '4.11',
  major: 4,
  minor: 11,
  domctlVersion: 0x10,
  sysctlVersion: 0x11,
  domctlBytes: DOMCTL_BYTES,
  createDomain: createDomain411(archConfig411),
  domainInfo: domainInfo411(archConfig411),
  vcpuContext: vcpuContext411,
  irqPermission: irqPermission411,
  physInfo: physInfo411,
  guestMemory: upstreamGuestMemory,
  guestFlags: 0,
  hasPagingPoolCalls: false,
  capabilityNames: CAPABILITIES_411,
  isNxp: false,
};

const xen413: XenDialect = {
  ...xen411,
  name: '4.13',
  minor: 13,
  domctlVersion: 0x12,
  sysctlVersion: 0x12,
  createDomain: createDomain413(archConfig413),
  domainInfo: domainInfo411(archConfig413),
  guestFlags: CDF_HVM | CDF_HAP,
  capabilityNames: CAPABILITIES_413,
};

/** The same structs with another number of the sysctls (xen-abi reference 4). */
const xen414: XenDialect = { ...xen413, name: '4.14', minor: 14, sysctlVersion: 0x13 };

/**
 * Xen's repository, xen/include/public/domctl.h as of 1cee4bd97c88, two months before the release; a copy from the development of
 * 4.16 has the same structs.
 */
const xen415: XenDialect = {
  ...xen414,
  name: '4.15',
  minor: 15,
  domctlVersion: 0x13,
  createDomain: createDomain415(archConfig413),
};

/**
 * domctl.h as of 7379f9e10a3b, of the release candidates; arch-arm.h as of 918b8842a852 for the wider registers. physinfo grew after
 * the release, with sysctl 0x15.
 */
const xen416: XenDialect = {
  ...xen415,
  name: '4.16',
  minor: 16,
  domctlVersion: 0x14,
  sysctlVersion: 0x14,
  createDomain: createDomain416(archConfig413),
  domainInfo: domainInfo416(archConfig413),
  vcpuContext: vcpuContext416,
  irqPermission: irqPermission416,
  capabilityNames: CAPABILITIES_416,
};

const xen417: XenDialect = {
  ...xen416,
  name: '4.17',
  minor: 17,
  domctlVersion: 0x15,
  sysctlVersion: 0x15,
  createDomain: createDomain417(archConfig413),
  physInfo: physInfo417,
  hasPagingPoolCalls: true,
};

const xen418: XenDialect = {
  ...xen417,
  name: '4.18',
  minor: 18,
  domctlVersion: 0x16,
  createDomain: createDomain417(archConfig418),
  domainInfo: domainInfo416(archConfig418),
};

const xen419: XenDialect = {
  ...xen418,
  name: '4.19',
  minor: 19,
  domctlVersion: 0x17,
  createDomain: createDomain419(archConfig418),
};

/** A number changes with the first incompatible change of a release, and 4.20's headers say that 4.19 had the last one of the domctls. */
const xen420: XenDialect = { ...xen419, name: '4.20', minor: 20 };

const nxp411: XenDialect = {
  ...xen411,
  name: 'nxp-4.11',
  domctlBytes: NXP_DOMCTL_BYTES,
  createDomain: createDomain411(withDomainName(archConfig411)),
  domainInfo: domainInfo411(withDomainName(archConfig411)),
  guestMemory: nxpGuestMemory,
  isNxp: true,
};

const nxp413: XenDialect = {
  ...xen413,
  name: 'nxp-4.13',
  domctlBytes: NXP_DOMCTL_BYTES,
  createDomain: createDomain413(withDomainName(archConfig413)),
  domainInfo: domainInfo411(withDomainName(archConfig413)),
  guestMemory: nxpGuestMemory,
  isNxp: true,
};

/** All that are known. Releases that are not here have layouts that could not be checked, and are refused. */
export const XEN_DIALECTS: readonly XenDialect[] = [
  xen411,
  nxp411,
  xen413,
  nxp413,
  xen414,
  xen415,
  xen416,
  xen417,
  xen418,
  xen419,
  xen420,
];
