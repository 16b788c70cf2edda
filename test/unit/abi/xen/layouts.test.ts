import { bitmapLayout } from '../../../../src/abi/xen/bitmap';
import { XEN_DIALECTS } from '../../../../src/abi/xen/dialects/releases';
import { domctlHeaderLayout } from '../../../../src/abi/xen/domctl/command';
import * as devices from '../../../../src/abi/xen/domctl/devices';
import * as domain from '../../../../src/abi/xen/domctl/domain';
import * as memory from '../../../../src/abi/xen/domctl/memory';
import * as scheduler from '../../../../src/abi/xen/domctl/scheduler';
import * as vcpu from '../../../../src/abi/xen/domctl/vcpu';
import * as evtchn from '../../../../src/abi/xen/evtchn';
import { grantEntryLayout } from '../../../../src/abi/xen/grant-table';
import { HVM_PARAM, hvmParamLayout } from '../../../../src/abi/xen/hvm';
import { HYPERCALL, multicallEntryLayout } from '../../../../src/abi/xen/hypercall';
import * as physmap from '../../../../src/abi/xen/memory';
import { remoteShutdownLayout } from '../../../../src/abi/xen/sched';
import { SYSCTL_BYTES } from '../../../../src/abi/xen/sysctl/command';
import * as lists from '../../../../src/abi/xen/sysctl/domains';
import * as host from '../../../../src/abi/xen/sysctl/host';
import { evaluate, findHeaders, whyNot } from './headers';
import type { XenDialect } from '../../../../src/abi/xen/dialects/dialect';
import type { Headers } from './headers';

interface Layout {
  readonly sizeBytes: number;
  offsetOf(path: string): number;
}

const dialect = (name: string) => XEN_DIALECTS.find((one) => one.name === name) as XenDialect;

/** Fields that not all releases have: one that the C struct had, and ours had not, would make their sizes differ. */
const ADDED = new Set([
  'grantOptions',
  'altp2mOptions',
  'vmtraceBytes',
  'cpupool',
  'gpaddrBits',
  'arch.sveVectorLength',
]);

type Struct = readonly [layout: Layout, type: string, fields: Readonly<Record<string, string>>];

const pagingPool: Struct = [memory.getPagingPool.layout, 'struct xen_domctl_paging_mempool', { sizeBytes: 'size' }];

/** Ours, the C type, and the C name of each field. */
const structsOf = (release: XenDialect): Struct[] => [
  [
    domctlHeaderLayout,
    'struct xen_domctl',
    { command: 'cmd', interfaceVersion: 'interface_version', domain: 'domain' },
  ],
  [
    release.createDomain,
    'struct xen_domctl_createdomain',
    {
      ssidRef: 'ssidref',
      handle: 'handle',
      flags: 'flags',
      iommuOptions: 'iommu_opts',
      maxVcpus: 'max_vcpus',
      maxEventChannelPort: 'max_evtchn_port',
      maxGrantFrames: 'max_grant_frames',
      maxMaptrackFrames: 'max_maptrack_frames',
      grantOptions: 'grant_opts',
      altp2mOptions: 'altp2m_opts',
      vmtraceBytes: 'vmtrace_size',
      cpupool: 'cpupool_id',
      arch: 'arch',
      'arch.sveVectorLength': 'arch.sve_vl',
      'arch.teeType': 'arch.tee_type',
      'arch.spiCount': 'arch.nr_spis',
      'arch.clockFrequency': 'arch.clock_frequency',
    },
  ],
  [
    release.domainInfo,
    'struct xen_domctl_getdomaininfo',
    {
      domain: 'domain',
      flags: 'flags',
      totalPages: 'tot_pages',
      maxPages: 'max_pages',
      outstandingPages: 'outstanding_pages',
      sharedPages: 'shr_pages',
      pagedPages: 'paged_pages',
      sharedInfoFrame: 'shared_info_frame',
      cpuTimeNs: 'cpu_time',
      onlineVcpus: 'nr_online_vcpus',
      maxVcpuId: 'max_vcpu_id',
      handle: 'handle',
      cpupool: 'cpupool',
      gpaddrBits: 'gpaddr_bits',
      arch: 'arch_config',
    },
  ],
  [
    release.vcpuContext,
    'struct vcpu_guest_context',
    { flags: 'flags', x: 'user_regs', pc: 'user_regs.pc64', cpsr: 'user_regs.cpsr', sctlr: 'sctlr' },
  ],
  [release.irqPermission, 'struct xen_domctl_irq_permission', { irq: 'pirq', isAllowed: 'allow_access' }],
  [
    release.physInfo,
    'struct xen_sysctl_physinfo',
    { cpuKhz: 'cpu_khz', capabilities: 'capabilities', totalPages: 'total_pages', hardwareCapabilities: 'hw_cap' },
  ],
  [layoutOf(vcpu.setVcpuAffinity), 'struct xen_domctl_vcpuaffinity', { hard: 'cpumap_hard', soft: 'cpumap_soft' }],
  [layoutOf(vcpu.setVcpuContext), 'struct xen_domctl_vcpucontext', { contextAddress: 'ctxt' }],
  [vcpu.getVcpuInfo.layout, 'struct xen_domctl_getvcpuinfo', { running: 'running', cpuTimeNs: 'cpu_time', cpu: 'cpu' }],
  [
    layoutOf(memory.iomemPermission),
    'struct xen_domctl_iomem_permission',
    { firstFrame: 'first_mfn', frameCount: 'nr_mfns', isAllowed: 'allow_access' },
  ],
  [
    layoutOf(memory.memoryMapping),
    'struct xen_domctl_memory_mapping',
    { firstGuestFrame: 'first_gfn', firstFrame: 'first_mfn', frameCount: 'nr_mfns', isAdded: 'add_mapping' },
  ],
  [layoutOf(memory.cacheFlush), 'struct xen_domctl_cacheflush', { firstFrame: 'start_pfn', frameCount: 'nr_pfns' }],
  ...(release.hasPagingPoolCalls ? [pagingPool] : []),
  [layoutOf(memory.shadow), 'struct xen_domctl_shadow_op', { operation: 'op', mebibytes: 'mb' }],
  [
    layoutOf(devices.assignDevice),
    'struct xen_domctl_assign_device',
    { kind: 'dev', flags: 'flags', pathBytes: 'u.dt.size', pathAddress: 'u.dt.path' },
  ],
  [
    layoutOf(devices.bindIrq),
    'struct xen_domctl_bind_pt_irq',
    { machineIrq: 'machine_irq', type: 'irq_type', spi: 'u.spi.spi' },
  ],
  [
    devices.vuart.layout,
    'struct xen_domctl_vuart_op',
    { frame: 'gfn', consoleDomain: 'console_domid', port: 'evtchn' },
  ],
  [
    scheduler.creditDomainLayout,
    'struct xen_domctl_scheduler_op',
    { command: 'cmd', weight: 'u.credit.weight', cap: 'u.credit.cap' },
  ],
  [scheduler.rtdsDomainLayout, 'struct xen_domctl_scheduler_op', { periodUs: 'u.rtds.period', flags: 'u.rtds.flags' }],
  [scheduler.vcpusDomainLayout, 'struct xen_domctl_scheduler_op', { vcpusAddress: 'u.v.vcpus', count: 'u.v.nr_vcpus' }],
  [scheduler.rtdsVcpuLayout, 'struct xen_domctl_schedparam_vcpu', { vcpu: 'vcpuid' }],
  [layoutOf(domain.setDomainHandle), 'struct xen_domctl_setdomainhandle', { handle: 'handle' }],
  [bitmapLayout, 'struct xenctl_bitmap', { address: 'bitmap', bitCount: 'nr_bits' }],
  [
    host.readConsole.layout,
    'struct xen_sysctl_readconsole',
    { index: 'index', bufferAddress: 'buffer', count: 'count' },
  ],
  [host.availableHeap.layout, 'struct xen_sysctl_availheap', { node: 'node', availableBytes: 'avail_bytes' }],
  [host.cpuTopology.layout, 'struct xen_sysctl_cputopoinfo', { count: 'num_cpus', entriesAddress: 'cputopo' }],
  [host.cpuPlaceLayout, 'struct xen_sysctl_cputopo', { socket: 'socket', node: 'node' }],
  [host.numaInfo.layout, 'struct xen_sysctl_numainfo', { memoryAddress: 'meminfo', distanceAddress: 'distance' }],
  [host.nodeMemoryLayout, 'struct xen_sysctl_meminfo', { freeBytes: 'memfree' }],
  [host.debugKeys.layout, 'struct xen_sysctl_debug_keys', { keysAddress: 'keys', count: 'nr_keys' }],
  [
    lists.getDomainInfoList.layout,
    'struct xen_sysctl_getdomaininfolist',
    { firstDomain: 'first_domain', maxDomains: 'max_domains', bufferAddress: 'buffer', count: 'num_domains' },
  ],
  [
    lists.cpupool.layout,
    'struct xen_sysctl_cpupool_op',
    { scheduler: 'sched_id', domainCount: 'n_dom', cpus: 'cpumap' },
  ],
  [
    lists.creditPool.layout,
    'struct xen_sysctl_scheduler_op',
    { timesliceMs: 'u.sched_credit.tslice_ms', migrationDelayUs: 'u.sched_credit.vcpu_migr_delay_us' },
  ],
  [lists.credit2Pool.layout, 'struct xen_sysctl_scheduler_op', { ratelimitUs: 'u.sched_credit2.ratelimit_us' }],
  [multicallEntryLayout, 'struct multicall_entry', { result: 'result', arg0: 'args[0]', arg5: 'args[5]' }],
  [
    physmap.memoryReservationLayout,
    'struct xen_memory_reservation',
    { extentCount: 'nr_extents', extentOrder: 'extent_order', flags: 'mem_flags', domain: 'domid' },
  ],
  [physmap.addToPhysmapLayout, 'struct xen_add_to_physmap', { space: 'space', index: 'idx', gpfn: 'gpfn' }],
  [physmap.removeFromPhysmapLayout, 'struct xen_remove_from_physmap', { gpfn: 'gpfn' }],
  [hvmParamLayout, 'struct xen_hvm_param', { domain: 'domid', index: 'index', value: 'value' }],
  [evtchn.allocUnboundLayout, 'struct evtchn_alloc_unbound', { remoteDomain: 'remote_dom', port: 'port' }],
  [evtchn.evtchnStatusLayout, 'struct evtchn_status', { port: 'port', status: 'status', vcpu: 'vcpu' }],
  [grantEntryLayout, 'struct grant_entry_v1', { domain: 'domid', frame: 'frame' }],
  [remoteShutdownLayout, 'struct sched_remote_shutdown', { reason: 'reason' }],
];

/** C names of numbers, and ours. */
const numbersOf = (release: XenDialect): Readonly<Record<string, number>> => ({
  XEN_DOMCTL_INTERFACE_VERSION: release.domctlVersion,
  XEN_SYSCTL_INTERFACE_VERSION: release.sysctlVersion,
  'sizeof(struct xen_domctl)': release.domctlBytes,
  'sizeof(struct xen_sysctl)': SYSCTL_BYTES,
  'offsetof(struct xen_domctl, u)': domctlHeaderLayout.sizeBytes,
  ...Object.fromEntries(Object.entries(HYPERCALL).map(([name, number]) => [`__HYPERVISOR_${name}`, number])),
  XEN_DOMCTL_createdomain: domain.CREATE_DOMAIN,
  XEN_DOMCTL_irq_permission: devices.IRQ_PERMISSION,
  XEN_DOMCTL_scheduler_op: scheduler.SCHEDULER_OP,
  XEN_SYSCTL_physinfo: host.PHYSINFO,
  HVM_PARAM_CONSOLE_PFN: HVM_PARAM.consoleFrame,
  HVM_PARAM_STORE_EVTCHN: HVM_PARAM.storePort,
  HVM_PARAM_MONITOR_RING_PFN: HVM_PARAM.monitorRingFrame,
  XENMEM_populate_physmap: physmap.XENMEM_populate_physmap,
  XENMEM_claim_pages: physmap.XENMEM_claim_pages,
  EVTCHNOP_alloc_unbound: evtchn.EVTCHNOP_alloc_unbound,
});

const commandsOf = (release: XenDialect) => [
  domain.destroyDomain,
  domain.pauseDomain,
  domain.unpauseDomain,
  domain.setDomainHandle,
  domain.setTimeOffset,
  domain.sendTrigger,
  domain.setAddressSize,
  domain.setNodeAffinity,
  vcpu.setVcpuAffinity,
  vcpu.getVcpuAffinity,
  vcpu.setVcpuContext,
  vcpu.getVcpuInfo,
  vcpu.maxVcpus,
  memory.maxMemory,
  memory.iomemPermission,
  memory.memoryMapping,
  memory.cacheFlush,
  memory.shadow,
  ...(release.hasPagingPoolCalls ? [memory.getPagingPool, memory.setPagingPool] : []),
  devices.assignDevice,
  devices.bindIrq,
  devices.unbindIrq,
  devices.vuart,
];

function layoutOf({ layout }: { readonly layout?: Layout }): Layout {
  if (layout === undefined) throw new Error('a command without a struct');
  return layout;
}

function has(layout: Layout, path: string): boolean {
  try {
    layout.offsetOf(path);
    return true;
  } catch {
    return false;
  }
}

/** The releases whose numbers the headers have: they have the same structs. */
const releasesOf = ({ domctlVersion, sysctlVersion }: Headers) =>
  XEN_DIALECTS.filter(
    (one) => !one.isNxp && one.domctlVersion === domctlVersion && one.sysctlVersion === sysctlVersion,
  );

const reason = whyNot();
if (reason !== undefined) console.log(`structs beside the C compiler: skipped, ${reason}`);

const compared = (reason === undefined ? findHeaders() : []).flatMap((headers) => {
  const releases = releasesOf(headers);
  if (releases.length === 0) console.log(`${headers.folder}: skipped, headers of a Xen that is not known here`);
  return releases.map((release) => ({ release, headers }));
});

if (compared.length > 0)
  describe.each(compared)(
    "Xen $release.name in $headers.folder's headers, compiled for arm64",
    ({ release, headers }) => {
      const values = new Map<string, number>();
      const offset = (type: string, field: string) => `offsetof(${type}, ${field})`;
      const structs = structsOf(release).map(
        ([layout, type, fields]) =>
          [type, layout, Object.entries(fields).filter(([ours]) => !ADDED.has(ours) || has(layout, ours))] as const,
      );
      const numbers = numbersOf(release);
      const commands = commandsOf(release);

      // One run of the compiler for all.
      beforeAll(() => {
        const expressions = [
          ...structs.flatMap(([type, , fields]) => [
            `sizeof(${type})`,
            ...fields.map(([, theirs]) => offset(type, theirs)),
          ]),
          ...Object.keys(numbers),
          ...commands.map(({ name }) => `XEN_DOMCTL_${name}`),
        ];
        evaluate(headers, expressions).forEach((value, index) => values.set(expressions[index] as string, value));
      });

      test.each(structs)('%s', (type, layout, fields) => {
        for (const [ours, theirs] of fields) {
          expect([ours, layout.offsetOf(ours)]).toEqual([ours, values.get(offset(type, theirs))]);
        }
        // The header alone is not the whole struct, and a union's other members may be larger.
        if (layout === domctlHeaderLayout || type === 'struct xen_sysctl_scheduler_op') return;
        expect(layout.sizeBytes).toBe(values.get(`sizeof(${type})`));
      });

      test.each(Object.entries(numbers))('%s', (name, ours) => expect(ours).toBe(values.get(name)));

      test.each(commands.map(({ name, number }) => [name, number] as const))('domctl %s', (name, number) => {
        expect(number).toBe(values.get(`XEN_DOMCTL_${name}`));
      });
    },
  );

/** xen-abi reference 5, 6 and 18: createdomain, getdomaininfo, vCPU context, physinfo, whole domctl. */
test.each([
  ['4.11', 36, 112, 344, 104, 144],
  ['nxp-4.11', 292, 368, 344, 104, 384],
  ['4.13', 56, 112, 344, 104, 144],
  ['nxp-4.13', 312, 368, 344, 104, 384],
  ['4.14', 56, 112, 344, 104, 144],
  ['4.15', 60, 112, 344, 104, 144],
  ['4.16', 64, 120, 352, 104, 144],
  ['4.17', 68, 120, 352, 112, 144],
  ['4.18', 68, 120, 352, 112, 144],
  ['4.19', 72, 120, 352, 112, 144],
  ['4.20', 72, 120, 352, 112, 144],
])('sizes of Xen %s', (name, createDomain, domainInfo, vcpuContext, physInfo, domctl) => {
  const found = dialect(name);
  expect([
    found.createDomain.sizeBytes,
    found.domainInfo.sizeBytes,
    found.vcpuContext.sizeBytes,
    found.physInfo.sizeBytes,
    found.domctlBytes,
  ]).toEqual([createDomain, domainInfo, vcpuContext, physInfo, domctl]);
});

test('places that differ between releases', () => {
  const places = (name: string) => {
    const { createDomain, vcpuContext, domainInfo } = dialect(name);
    return [createDomain.offsetOf('arch'), domainInfo.offsetOf('arch'), vcpuContext.offsetOf('sctlr')];
  };
  expect(places('4.11')).toEqual([24, 96, 312]);
  expect(places('4.13')).toEqual([44, 96, 312]);
  expect(places('4.15')).toEqual([48, 96, 312]);
  expect(places('4.16')).toEqual([52, 104, 320]);
  expect(places('4.17')).toEqual([56, 104, 320]);
  expect(places('4.20')).toEqual([60, 104, 320]);
  const [vmtrace415, vmtrace416, vmtrace420] = ['4.15', '4.16', '4.20'].map((name) =>
    dialect(name).createDomain.offsetOf('vmtraceBytes'),
  );
  expect([vmtrace415, vmtrace416, vmtrace420]).toEqual([44, 48, 52]);
  expect(dialect('nxp-4.11').createDomain.offsetOf('arch.domainName')).toBe(36);
});
