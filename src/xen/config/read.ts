import { parseCpuMask } from './cpu-mask';
import { readEndActions, readGicVersion, readPassthrough, readTee, readType, readVrtc, readVuart } from './choices';
import { parseDiskSpec } from './disk-spec';
import { generateUuid, normalizeUuid } from './identity';
import { configKey, nearestKey } from './keys';
import { parseInterrupt, parseIoMemory } from './passthrough';
import { Settings } from './settings';
import { parseVi2cSpec } from './vi2c-spec';
import { parseVifSpec } from './vif-spec';
import { badValue, XlConfigError } from './xl-config-error';
import type { DomainConfig, VcpuMasks } from './domain-config';

const KIB_PER_MIB = 1024;
/** The most vCPUs that the guest's interrupt controller can name (xen-abi reference 8). */
const MAX_VCPUS = 128;

/**
 * Reads an xl.cfg (xl.cfg(5); xen-abi reference 19).
 * @param text of the file; settings of a command line are appended to it as lines
 * @param file names it in messages
 * @param notice told what a person should know, a line at a time, without line ends
 * @throws XlConfigError with the C tool's message, and a hint
 */
export function readDomainConfig(text: string, file: string, notice: (line: string) => void): DomainConfig {
  const settings = new Settings(text, file, notice);
  const config: DomainConfig = {
    ...readIdentity(settings),
    ...readProcessors(settings),
    ...readMemory(settings),
    ...readImages(settings),
    onEnd: readEndActions(settings),
    ...readDevices(settings),
    ...readHardware(settings),
    ...readLimits(settings),
  };
  warnAboutKeys(settings);
  return config;
}

function readIdentity(settings: Settings): Pick<DomainConfig, 'name' | 'uuid' | 'type' | 'pool'> {
  const name = settings.string('name');
  if (name === undefined) {
    const hint = 'such as name = "DomU"';
    throw new XlConfigError('Domain name must be specified.', { code: 'E_XLCFG_MISSING', key: 'name', hint });
  }
  const text = settings.string('uuid');
  const uuid = text === undefined ? generateUuid() : normalizeUuid(text);
  if (uuid === undefined) throw badValue(`Failed to parse UUID: ${text}`, 'uuid', settings.lineOf('uuid'));
  return { name, uuid, type: readType(settings), pool: settings.string('pool') };
}

function readProcessors(
  settings: Settings,
): Pick<DomainConfig, 'vcpus' | 'maxVcpus' | 'hardAffinity' | 'softAffinity' | 'cpuWeight' | 'cpuCap'> {
  // 0 is what the C tool takes for "not said".
  const vcpus = settings.count('vcpus') || undefined;
  const maxVcpus = settings.count('maxvcpus') || vcpus;
  if (vcpus !== undefined && maxVcpus !== undefined && maxVcpus < vcpus) {
    throw badValue('xl: maxvcpus < vcpus', 'maxvcpus', settings.lineOf('maxvcpus'));
  }
  if (maxVcpus !== undefined && maxVcpus > MAX_VCPUS) {
    const key = settings.has('maxvcpus') ? 'maxvcpus' : 'vcpus';
    throw badValue(`xl: ${key} is ${maxVcpus}, and a guest has at most ${MAX_VCPUS}`, key, settings.lineOf(key));
  }
  return {
    vcpus,
    maxVcpus,
    hardAffinity: readMasks(settings, 'cpus'),
    softAffinity: readMasks(settings, 'cpus_soft'),
    cpuWeight: settings.count('cpu_weight'),
    cpuCap: settings.count('cap'),
  };
}

function readMasks(settings: Settings, key: 'cpus' | 'cpus_soft'): VcpuMasks | undefined {
  const value = settings.stringOrList(key);
  if (value === undefined || value === '') return undefined;
  const line = settings.lineOf(key);
  return typeof value === 'string'
    ? { kind: 'same', mask: parseCpuMask(value, key, line) }
    : { kind: 'each', masks: value.map((text) => parseCpuMask(text, key, line)) };
}

function readMemory(settings: Settings): Pick<DomainConfig, 'memoryKiB' | 'maxMemoryKiB'> {
  const memoryMiB = settings.count('memory');
  const maxMemoryMiB = settings.count('maxmem') ?? memoryMiB;
  return {
    memoryKiB: memoryMiB === undefined ? undefined : memoryMiB * KIB_PER_MIB,
    maxMemoryKiB: maxMemoryMiB === undefined ? undefined : maxMemoryMiB * KIB_PER_MIB,
  };
}

function readImages(settings: Settings): Pick<DomainConfig, 'kernel' | 'ramdisk' | 'deviceTree' | 'commandLine'> {
  const kernel = settings.string('kernel');
  if (kernel === undefined && !settings.has('bootloader')) {
    throw new XlConfigError('Neither kernel nor bootloader specified', { code: 'E_XLCFG_MISSING', key: 'kernel' });
  }
  if (kernel === undefined) {
    throw new XlConfigError('bootloader is not supported', {
      code: 'E_XLCFG_MISSING',
      key: 'bootloader',
      line: settings.lineOf('bootloader'),
      hint: 'name the guest\'s kernel with kernel = "..."',
    });
  }
  return {
    kernel,
    ramdisk: settings.string('ramdisk'),
    deviceTree: settings.string('device_tree'),
    commandLine: readCommandLine(settings),
  };
}

function readCommandLine(settings: Settings): string | undefined {
  const commandLine = settings.string('cmdline');
  const root = settings.string('root');
  const extra = settings.string('extra');
  if (commandLine === undefined) {
    const parts = [root === undefined ? undefined : `root=${root}`, extra].filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : parts.join(' ');
  }
  if (root !== undefined || extra !== undefined) {
    settings.notice('Warning: ignoring root= and extra= in favour of cmdline=');
  }
  return commandLine;
}

function readDevices(settings: Settings): Pick<DomainConfig, 'disks' | 'vifs' | 'vi2cs'> {
  return {
    disks: (settings.list('disk') ?? []).map((text) => parseDiskSpec(text, settings.file)),
    vifs: (settings.list('vif') ?? []).map((text, index) => parseVifSpec(text, index, settings.file, settings.notice)),
    vi2cs: (settings.list('vi2c') ?? []).map((text) => parseVi2cSpec(text, settings.lineOf('vi2c'))),
  };
}

type Hardware = Pick<
  DomainConfig,
  'assignedDevices' | 'ioMemory' | 'interrupts' | 'passthrough' | 'gicVersion' | 'hasVuart' | 'hasVrtc' | 'tee'
>;

function readHardware(settings: Settings): Hardware {
  return {
    assignedDevices: settings.list('dtdev') ?? [],
    ioMemory: (settings.list('iomem') ?? []).map((text) => parseIoMemory(text, settings.lineOf('iomem'))),
    interrupts: (settings.list('irqs') ?? []).map((text) => parseInterrupt(text, settings.lineOf('irqs'))),
    passthrough: readPassthrough(settings),
    gicVersion: readGicVersion(settings),
    hasVuart: readVuart(settings),
    hasVrtc: readVrtc(settings),
    tee: readTee(settings),
  };
}

function readLimits(settings: Settings) {
  return {
    securityLabel: settings.string('seclabel'),
    initSecurityLabel: settings.string('init_seclabel'),
    driverDomain: settings.boolean('driver_domain'),
    noMigration: settings.boolean('nomigrate'),
    vpmu: settings.boolean('vpmu'),
    maxEventChannels: settings.count('max_event_channels'),
    maxGrantFrames: settings.count('max_grant_frames'),
    maxMaptrackFrames: settings.count('max_maptrack_frames'),
    maxGrantVersion: settings.count('max_grant_version'),
  };
}

function warnAboutKeys(settings: Settings): void {
  for (const name of settings.names) {
    const key = configKey(name);
    if (key === undefined) {
      const nearest = nearestKey(name);
      const help = nearest === undefined ? '' : `; is \`${nearest}' meant?`;
      settings.warn(settings.lineOf(name), `unknown parameter \`${name}'${help}`);
    } else if (key.scope === 'other') {
      settings.warn(settings.lineOf(name), `parameter \`${name}' is ignored: ${key.summary}`);
    }
  }
}
