import { cpusOf } from '../../abi/jailhouse/bitmap';
import { decodeConfig } from '../../abi/jailhouse/config/decode';
import { explainConfigFile } from './config-file';
import { showCells, showCpus, verb } from './words';
import type { SystemConfig } from '../../abi/jailhouse/config/system';
import type { Evidence } from './evidence';
import type { ConfigRefusal } from './refusal';

export async function explainEnable(refusal: ConfigRefusal, evidence: Evidence): Promise<string | undefined> {
  switch (refusal.errno) {
    case 'EBUSY':
      return explainBusy(evidence);
    case 'ENOENT':
      return explainImage(evidence);
    case 'ENODEV':
      return (
        (await driverLine(evidence)) ??
        'the CPUs or the interrupt controller lack what the hypervisor needs: see jailhouse console'
      );
    case 'ENOMEM':
      return explainMemory(refusal.config);
    case 'EIO':
      return 'the GIC is not in the mode that the hypervisor needs (affinity routing): see jailhouse console';
    case 'EINVAL':
    case 'EFAULT':
      return explainInvalid(refusal.config, evidence);
    default:
      return driverLine(evidence);
  }
}

async function explainBusy(evidence: Evidence): Promise<string> {
  const cells = await evidence.cells();
  const running = cells.length > 0 ? ` (cells: ${showCells(cells)})` : '';
  return `Jailhouse is already enabled${running}; to enable it anew: jailhouse disable`;
}

async function explainImage(evidence: Evidence): Promise<string> {
  const name = (await evidence.kernelSaid(/^jailhouse: Missing hypervisor image (\S+)/))?.[1] ?? 'jailhouse.bin';
  return `the kernel did not find the hypervisor: install ${name} in /lib/firmware`;
}

function explainMemory(bytes: Uint8Array): string | undefined {
  const system = systemOf(bytes);
  return (
    system &&
    `the hypervisor's memory of 0x${system.hypervisorMemory.size.toString(16)} bytes is too small for this config`
  );
}

async function explainInvalid(bytes: Uint8Array, evidence: Evidence): Promise<string | undefined> {
  const file = await explainConfigFile(bytes, 'system', evidence);
  if (file !== undefined) {
    return file;
  }
  const system = systemOf(bytes);
  return (
    (system && ((await explainReservation(system, evidence)) ?? (await explainCpus(system, evidence)))) ??
    driverLine(evidence)
  );
}

async function explainReservation(system: SystemConfig, evidence: Evidence): Promise<string | undefined> {
  if (!(await evidence.kernelSaid(/^jailhouse: request_mem_region failed for hypervisor memory/))) {
    return undefined;
  }
  const { physStart, size } = system.hypervisorMemory;
  const range = `0x${physStart.toString(16)}-0x${(physStart + size - 1n).toString(16)}`;
  return `Linux uses the hypervisor's memory ${range}: reserve it, by booting with the Jailhouse device tree or with mem=`;
}

/** Every CPU of the root cell must enter the hypervisor, and no other (jailhouse-abi reference 5.4). */
async function explainCpus(system: SystemConfig, evidence: Evidence): Promise<string | undefined> {
  const wanted = cpusOf(system.rootCell.cpuSet);
  if (wanted.length === 0) {
    return 'the CPU set of the root cell is empty';
  }
  const [present, offline] = [await evidence.presentCpus(), await evidence.offlineCpus()];
  const sleeping = wanted.filter((cpu) => offline.includes(cpu));
  if (sleeping.length > 0) {
    const are = verb(sleeping.length, 'is', 'are');
    return `${showCpus(sleeping)} ${are} offline; bring ${verb(sleeping.length, 'it', 'them')} back: echo 1 > /sys/devices/system/cpu/cpu${sleeping[0]}/online`;
  }
  const missing = present && wanted.filter((cpu) => !present.includes(cpu));
  if (missing && missing.length > 0) {
    return `this machine has no ${showCpus(missing)}: the system config is for another board`;
  }
  const left = present && present.filter((cpu) => !offline.includes(cpu) && !wanted.includes(cpu));
  return left && left.length > 0
    ? `${showCpus(left)} of this machine ${verb(left.length, 'is', 'are')} not in the root cell's CPU set: the system config is for another board`
    : undefined;
}

/** What the driver itself said of this failure. */
async function driverLine(evidence: Evidence): Promise<string | undefined> {
  const line = await evidence.kernelSaid(/^(?:jailhouse|Jailhouse): .*/);
  return line && `the kernel log says "${line[0]}"`;
}

function systemOf(bytes: Uint8Array): SystemConfig | undefined {
  const decoded = decodeConfig(bytes, { trailing: 'ignore' });
  return decoded.kind === 'system' ? decoded.config : undefined;
}
