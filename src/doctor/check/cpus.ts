import { listWords, showCpus, verb } from '../../jailhouse/explain/words';
import { cpusOfCell } from '../examined-config';
import { ok, problem, warning } from '../finding';
import type { ExaminedConfig } from '../examined-config';
import type { Finding } from '../finding';
import type { LiveSystem } from '../live-system';

/** Every CPU of the root cell, and no other, must be online when the hypervisor is enabled (jailhouse-abi reference 5.4). */
export async function checkCpus(
  system: LiveSystem,
  root: ExaminedConfig | undefined,
  cells: readonly ExaminedConfig[],
): Promise<Finding[]> {
  const [present, offline] = [await system.cpus('present'), await system.cpus('offline')];
  if (!present || !offline) {
    return [warning('cpus.unknown', 'the kernel does not say which CPUs are online', 'mount sysfs on /sys')];
  }
  const isEnabled = await system.isEnabled();
  const findings = [
    // Of an enabled hypervisor, the CPUs that are offline for Linux run cells.
    ...(isEnabled ? [] : offlineCpus(offline)),
    ...(root ? [...absentCpus(root, present), ...leftOut(root, present)] : []),
    ...cells.flatMap((cell) => [...absentCpus(cell, present), ...notTheRoots(cell, root)]),
  ];
  return findings.length > 0
    ? findings
    : [ok('cpus', isEnabled ? `${showCpus(present)} exist` : `${showCpus(present)} are online`)];
}

function offlineCpus(offline: readonly number[]): Finding[] {
  if (offline.length === 0) return [];
  const are = verb(offline.length, 'is', 'are');
  const commands = offline.map((cpu) => `echo 1 > /sys/devices/system/cpu/cpu${cpu}/online`);
  return [
    problem(
      'cpus.offline',
      `${showCpus(offline)} ${are} offline: the root cell's CPUs must all be online`,
      commands.join('; '),
    ),
  ];
}

function absentCpus({ path, cell }: ExaminedConfig, present: readonly number[]): Finding[] {
  const absent = cell ? cpusOfCell(cell).filter((cpu) => !present.includes(cpu)) : [];
  return absent.length === 0
    ? []
    : [
        problem(
          'cpus.absent',
          `${path} names ${showCpus(absent)}; this machine has ${listWords(present)}`,
          'use a config for this board',
        ),
      ];
}

function leftOut({ path, cell }: ExaminedConfig, present: readonly number[]): Finding[] {
  const cpus = cell ? cpusOfCell(cell) : [];
  const left = present.filter((cpu) => !cpus.includes(cpu));
  return left.length === 0
    ? []
    : [
        problem(
          'cpus.left-out',
          `${showCpus(left)} of this machine ${verb(left.length, 'is', 'are')} not in the root cell of ${path}`,
          'use a root cell for this board: all CPUs that are online must be in it',
        ),
      ];
}

function notTheRoots({ path, cell }: ExaminedConfig, root: ExaminedConfig | undefined): Finding[] {
  if (!cell || !root?.cell) return [];
  const roots = cpusOfCell(root.cell);
  const foreign = cpusOfCell(cell).filter((cpu) => !roots.includes(cpu));
  return foreign.length === 0
    ? []
    : [
        problem(
          'cpus.not-the-roots',
          `${path} wants ${showCpus(foreign)}, which the root cell does not have`,
          'use a cell for this root cell',
        ),
      ];
}
