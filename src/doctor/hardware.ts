import { hasCompatible, stringProperty } from './device-tree';
import type { LiveSystem } from './live-system';

/** `unknown`: the running system does not tell. */
export type Availability = 'ok' | 'missing' | 'missing (optional)' | 'unknown';

export interface Feature {
  /** Fits into the 32 columns of `jailhouse hardware check`. */
  readonly name: string;
  readonly availability: Availability;
  readonly remedy: string;
}

export interface Hardware {
  readonly architecture: 'arm64' | 'other' | 'unknown';
  /** Empty unless the architecture is arm64: the features of others are not known here. */
  readonly features: readonly Feature[];
}

/** What Jailhouse needs of an arm64 machine and of its firmware (jailhouse-abi reference 1.3 and 5.4). */
export async function readHardware(system: LiveSystem): Promise<Hardware> {
  const architecture = await readArchitecture(system);
  if (architecture !== 'arm64') return { architecture, features: [] };
  const cpuCount = (await system.cpus('present'))?.length;
  const features: Feature[] = [
    {
      name: 'Number of CPUs > 1',
      availability: cpuCount === undefined ? 'unknown' : required(cpuCount > 1),
      remedy: 'every cell needs a CPU of its own: use a machine with two or more',
    },
    {
      name: 'Hypervisor mode (EL2)',
      availability: await readEl2(system),
      remedy: 'the boot loader must start Linux at EL2, and no other hypervisor may be below it',
    },
    {
      name: 'GIC version 2 or 3',
      availability: required(await hasCompatible(system, /^arm,(gic-v3|gic-400|cortex-a\d+-gic)$/)),
      remedy: 'Jailhouse drives no other interrupt controller',
    },
    {
      name: 'PSCI',
      availability: required((await stringProperty(system, 'psci/method')) !== undefined),
      remedy: 'the firmware (Arm Trusted Firmware) must offer PSCI, and the device tree name it',
    },
    {
      name: 'CPU hotplug',
      availability: required(await system.exists('/sys/devices/system/cpu/cpu1/online')),
      remedy: 'build the kernel with CONFIG_HOTPLUG_CPU: a cell gets its CPUs by taking them offline in Linux',
    },
    {
      name: 'Generic timer',
      availability: optional(await hasCompatible(system, /^arm,armv8-timer$/)),
      remedy: 'inmates have no other timer than what their cells own',
    },
    {
      name: 'SMMU',
      availability: optional(await hasCompatible(system, /^arm,(smmu-v\d|mmu-\d+)$/)),
      remedy: 'without it, devices of a cell reach all memory: give cells no device that does DMA',
    },
  ];
  return { architecture, features };
}

/** /proc/cpuinfo has the fields of the architecture that the kernel was built for. */
async function readArchitecture(system: LiveSystem): Promise<Hardware['architecture']> {
  const text = await system.text('/proc/cpuinfo');
  if (text === undefined) return 'unknown';
  return /^CPU architecture\s*: (8|AArch64)$/m.test(text) && !/^model name\s*: ARMv/m.test(text) ? 'arm64' : 'other';
}

/** Linux says at which level its CPUs started; later, only who uses EL2 shows it. */
async function readEl2(system: LiveSystem): Promise<Availability> {
  const started = (await system.kernelSaid(/CPU: All CPU\(s\) started at EL([12])/))?.[1];
  if (started !== undefined) return required(started === '2');
  if ((await system.isEnabled()) || (await system.exists('/dev/kvm'))) return 'ok';
  return (await stringProperty(system, 'psci/method')) === 'hvc' ? 'missing' : 'unknown';
}

function required(isThere: boolean): Availability {
  return isThere ? 'ok' : 'missing';
}

function optional(isThere: boolean): Availability {
  return isThere ? 'ok' : 'missing (optional)';
}
