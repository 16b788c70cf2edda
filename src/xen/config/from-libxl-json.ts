import { END_ACTIONS } from './domain-config';
import { XlConfigError } from './xl-config-error';
import type { CpuMask } from './cpu-mask';
import type { DiskBackend, DiskFormat, DiskSpec } from './disk-spec';
import type { DomainConfig, EndAction, PassthroughMode, VcpuMasks } from './domain-config';
import type { VifSpec } from './vif-spec';

/**
 * The configuration of a domain from what is kept about it: what `toLibxlJson` wrote, or libxl (xen-abi reference 13).
 * @throws XlConfigError `E_XLCFG_SYNTAX` for text that is not such a file
 */
export function fromLibxlJson(text: string, file: string): DomainConfig {
  const top = parseObject(text, file);
  const info = part(top, 'c_info');
  const build = part(top, 'b_info');
  const arm = part(build, 'arch_arm');
  const scheduler = part(build, 'sched_params');
  const name = string(info['name']);
  const uuid = string(info['uuid']);
  if (name === undefined || uuid === undefined) throw bad(file, 'it has no name, or no uuid');
  const type = string(info['type']);
  const vcpus = list(build['avail_vcpus']).length;
  const tee = string(build['tee']);
  return {
    name,
    uuid,
    type: type === 'pv' || type === 'hvm' ? type : 'pvh',
    pool: string(info['pool_name']),
    vcpus: vcpus === 0 ? undefined : vcpus,
    maxVcpus: number(build['max_vcpus']),
    hardAffinity: masks(build['vcpu_hard_affinity']),
    softAffinity: masks(build['vcpu_soft_affinity']),
    cpuWeight: number(scheduler['weight']),
    cpuCap: number(scheduler['cap']),
    memoryKiB: number(build['target_memkb']),
    maxMemoryKiB: number(build['max_memkb']),
    kernel: string(build['kernel']),
    ramdisk: string(build['ramdisk']),
    deviceTree: string(build['device_tree']),
    commandLine: string(build['cmdline']),
    onEnd: {
      poweroff: endAction(top['on_poweroff']),
      reboot: endAction(top['on_reboot']),
      watchdog: endAction(top['on_watchdog']),
      crash: endAction(top['on_crash']),
      softReset: endAction(top['on_soft_reset']),
    },
    disks: objects(top['disks']).map(disk),
    vifs: objects(top['nics']).map(nic),
    vi2cs: objects(top['vi2cs']).map((vi2c) => ({
      backendDomain: string(vi2c['backend_domname']) ?? '0',
      adapter: string(vi2c['be_adapter']) ?? '',
      addresses: numbers(vi2c['slaves']),
    })),
    assignedDevices: objects(top['dtdevs']).flatMap(({ path }) => string(path) ?? []),
    ioMemory: objects(build['iomem']).map(({ start, number: count, gfn }) => {
      const guest = number(gfn);
      return {
        firstFrame: BigInt(number(start) ?? 0),
        frameCount: BigInt(number(count) ?? 0),
        firstGuestFrame: guest === undefined ? undefined : BigInt(guest),
      };
    }),
    interrupts: numbers(build['irqs']),
    passthrough: string(info['passthrough']) as PassthroughMode | undefined,
    gicVersion: arm['gic_version'] === 'v2' || arm['gic_version'] === 'v3' ? arm['gic_version'] : undefined,
    hasVuart: arm['vuart'] === 'sbsa_uart',
    hasVrtc: arm['vrtc'] === 'pl031',
    tee: tee === 'none' || tee === 'optee' || tee === 'trusty' ? tee : undefined,
    securityLabel: string(build['exec_ssid_label']),
    initSecurityLabel: string(info['ssid_label']),
    driverDomain: defbool(info['driver_domain']),
    noMigration: defbool(build['disable_migrate']),
    vpmu: defbool(build['vpmu']),
    maxEventChannels: number(build['event_channels']),
    maxGrantFrames: number(build['max_grant_frames']),
    maxMaptrackFrames: number(build['max_maptrack_frames']),
    maxGrantVersion: number(build['max_grant_version']),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function disk(fields: Fields): DiskSpec {
  const specification = string(fields['specification']);
  return {
    target: string(fields['pdev_path']) ?? '',
    format: (string(fields['format']) ?? 'raw') as DiskFormat,
    virtualDevice: string(fields['vdev']) ?? '',
    isWritable: number(fields['readwrite']) === 1,
    isCdrom: number(fields['is_cdrom']) === 1,
    backendType: string(fields['backend']) as DiskBackend | undefined,
    backendDomain: string(fields['backend_domname']),
    script: string(fields['script']),
    discardEnabled: defbool(fields['discard_enable']),
    directIoSafe: typeof fields['direct_io_safe'] === 'boolean' ? fields['direct_io_safe'] : undefined,
    specification: specification === 'xen' || specification === 'virtio' ? specification : undefined,
    isTrusted: defbool(fields['trusted']),
  };
}

function nic(fields: Fields, index: number): VifSpec {
  const type = string(fields['nictype']);
  const bytesPerInterval = number(fields['rate_bytes_per_interval']);
  return {
    deviceId: number(fields['devid']) ?? index,
    mac: string(fields['mac']),
    bridge: string(fields['bridge']),
    ip: string(fields['ip']),
    script: string(fields['script']),
    interfaceName: string(fields['ifname']),
    model: string(fields['model']),
    type: type === 'vif_ioemu' ? 'ioemu' : type === 'vif' ? 'vif' : undefined,
    backendDomain: string(fields['backend_domname']),
    gatewayDevice: string(fields['gatewaydev']),
    mtu: number(fields['mtu']),
    rate:
      bytesPerInterval === undefined
        ? undefined
        : {
            bytesPerInterval: BigInt(bytesPerInterval),
            intervalMicroseconds: number(fields['rate_interval_usecs']) ?? 0,
          },
    isTrusted: defbool(fields['trusted']),
  };
}

function masks(value: unknown): VcpuMasks | undefined {
  if (!Array.isArray(value)) return undefined;
  const mask = (cpus: unknown): CpuMask => ({
    kind: 'terms',
    terms: numbers(cpus).map((cpu) => ({ kind: 'cpus', first: cpu, last: cpu, isExcluded: false })),
  });
  return { kind: 'each', masks: value.map(mask) };
}

/** What is left out is `destroy`, libxl's own default. */
function endAction(value: unknown): EndAction {
  const name = value === 'restart_rename' ? 'rename-restart' : string(value)?.replaceAll('_', '-');
  return END_ACTIONS.find((action) => action === name) ?? 'destroy';
}

function parseObject(text: string, file: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw bad(file, (error as Error).message);
  }
  if (!isObject(value)) throw bad(file, 'it is no object');
  return value;
}

function bad(file: string, problem: string): XlConfigError {
  const message = `${file}: not the configuration of a domain: ${problem}`;
  return new XlConfigError(message, { code: 'E_XLCFG_SYNTAX' });
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function part(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isObject(value) ? value : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function objects(value: unknown): Fields[] {
  return list(value).filter(isObject);
}

function numbers(value: unknown): number[] {
  return list(value).flatMap((item) => number(item) ?? []);
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function defbool(value: unknown): boolean | undefined {
  return value === 'True' ? true : value === 'False' ? false : undefined;
}
