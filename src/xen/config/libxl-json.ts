import { resolveCpuMask } from './cpu-mask';
import type { CpuTopology } from './cpu-mask';
import type { DiskSpec } from './disk-spec';
import type { DomainConfig, EndAction, VcpuMasks } from './domain-config';
import type { VifSpec } from './vif-spec';

/**
 * The configuration as the C tool's library writes it: what `xl create -n` prints, and what is kept for `xl list -l`
 * (xen-abi reference 13). Names and order are the library's; what was not said is left out.
 * @param topology with which `all` and `node:` of CPU masks become numbers
 */
export function toLibxlJson(config: DomainConfig, topology: CpuTopology): Record<string, unknown> {
  return compact({
    c_info: compact({
      type: config.type,
      ssid_label: config.initSecurityLabel,
      name: config.name,
      uuid: config.uuid,
      pool_name: config.pool,
      run_hotplug_scripts: 'True',
      driver_domain: defbool(config.driverDomain),
      passthrough: config.passthrough,
    }),
    b_info: buildInfo(config, topology),
    disks: nonEmpty(config.disks.map(disk)),
    nics: nonEmpty(config.vifs.map(nic)),
    dtdevs: nonEmpty(config.assignedDevices.map((path) => ({ path }))),
    vi2cs: nonEmpty(
      config.vi2cs.map(({ backendDomain, adapter, addresses }) => {
        return { backend_domname: backendDomain, be_adapter: adapter, slaves: addresses };
      }),
    ),
    on_poweroff: endAction(config.onEnd.poweroff),
    on_reboot: endAction(config.onEnd.reboot),
    on_watchdog: endAction(config.onEnd.watchdog),
    on_crash: endAction(config.onEnd.crash),
    on_soft_reset: endAction(config.onEnd.softReset),
  });
}

/** As the C library lays it out: four blanks a level, and an empty object on three lines. */
export function printLibxlJson(value: unknown): string {
  return JSON.stringify(value, undefined, 4).replaceAll(/^( *)(.*)\{\}(,?)$/gm, '$1$2{\n\n$1}$3');
}

function buildInfo(config: DomainConfig, topology: CpuTopology): Record<string, unknown> {
  const vcpuCount = config.maxVcpus ?? 1;
  const { hardAffinity, softAffinity } = config;
  return compact({
    max_vcpus: config.maxVcpus,
    avail_vcpus: config.maxVcpus === undefined ? undefined : firstNumbers(config.vcpus ?? 1),
    vcpu_hard_affinity: affinity(hardAffinity, vcpuCount, topology),
    vcpu_soft_affinity: affinity(softAffinity, vcpuCount, topology),
    // The library places the domain on nodes by itself, unless it was told where each vCPU runs.
    numa_placement: hardAffinity?.kind === 'each' || softAffinity ? 'False' : undefined,
    max_memkb: config.maxMemoryKiB,
    target_memkb: config.memoryKiB,
    disable_migrate: defbool(config.noMigration),
    exec_ssid_label: config.securityLabel,
    max_grant_frames: config.maxGrantFrames,
    max_maptrack_frames: config.maxMaptrackFrames,
    max_grant_version: config.maxGrantVersion,
    sched_params: compact({ weight: config.cpuWeight, cap: config.cpuCap }),
    irqs: nonEmpty(config.interrupts),
    iomem: nonEmpty(
      config.ioMemory.map(({ firstFrame, frameCount, firstGuestFrame }) =>
        compact({ start: Number(firstFrame), number: Number(frameCount), gfn: optionalNumber(firstGuestFrame) }),
      ),
    ),
    claim_mode: 'True',
    event_channels: config.maxEventChannels,
    kernel: config.kernel,
    cmdline: config.commandLine,
    ramdisk: config.ramdisk,
    device_tree: config.deviceTree,
    tee: config.tee,
    [`type.${config.type}`]: {},
    arch_arm: compact({
      gic_version: config.gicVersion,
      vuart: config.hasVuart ? 'sbsa_uart' : undefined,
      vrtc: config.hasVrtc ? 'pl031' : undefined,
    }),
    arch_x86: {},
    vpmu: defbool(config.vpmu),
  });
}

function affinity(masks: VcpuMasks | undefined, vcpuCount: number, topology: CpuTopology): number[][] | undefined {
  return masks && vcpuMasks(masks, vcpuCount).map((mask) => resolveCpuMask(mask, topology));
}

/** The mask of each vCPU that has one. */
export function vcpuMasks(masks: VcpuMasks, vcpuCount: number) {
  return masks.kind === 'same' ? Array.from({ length: vcpuCount }, () => masks.mask) : masks.masks.slice(0, vcpuCount);
}

function disk(spec: DiskSpec): Record<string, unknown> {
  return compact({
    backend_domname: spec.backendDomain,
    pdev_path: spec.target,
    vdev: spec.virtualDevice,
    backend: spec.backendType,
    format: spec.format,
    script: spec.script,
    removable: spec.isCdrom ? 1 : undefined,
    readwrite: spec.isWritable ? 1 : undefined,
    is_cdrom: spec.isCdrom ? 1 : undefined,
    direct_io_safe: spec.directIoSafe,
    discard_enable: defbool(spec.discardEnabled),
    specification: spec.specification,
    trusted: defbool(spec.isTrusted),
  });
}

function nic(spec: VifSpec): Record<string, unknown> {
  return compact({
    backend_domname: spec.backendDomain,
    devid: spec.deviceId,
    mtu: spec.mtu,
    model: spec.model,
    mac: spec.mac,
    ip: spec.ip,
    bridge: spec.bridge,
    ifname: spec.interfaceName,
    script: spec.script,
    nictype: spec.type === 'ioemu' ? 'vif_ioemu' : spec.type,
    rate_bytes_per_interval: optionalNumber(spec.rate?.bytesPerInterval),
    rate_interval_usecs: spec.rate?.intervalMicroseconds,
    gatewaydev: spec.gatewayDevice,
    trusted: defbool(spec.isTrusted),
  });
}

const END_ACTION_NAMES: Partial<Record<EndAction, string>> = { 'rename-restart': 'restart_rename' };

/** `destroy` is the library's own default, and left out. */
function endAction(action: EndAction): string | undefined {
  return action === 'destroy' ? undefined : (END_ACTION_NAMES[action] ?? action.replaceAll('-', '_'));
}

function defbool(value: boolean | undefined): 'True' | 'False' | undefined {
  return value === undefined ? undefined : value ? 'True' : 'False';
}

function optionalNumber(value: bigint | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

function firstNumbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function nonEmpty<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

function compact(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
