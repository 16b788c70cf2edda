import { formatCpuList } from '../../../abi/jailhouse';
import { at } from '../finding';
import { allCells, cellCpus, CPU_SET_LIMIT_BYTES, rootOf } from '../subject';
import { cellWords, cpuWords } from '../words';
import type { Report } from '../finding';
import type { CheckedCell, Subject } from '../subject';

/** Who has which CPU (jailhouse-abi reference 1.5, step 11; jailhouse-hypervisor reference 6.1, checks 7 to 9). */
export function checkCpus(subject: Subject, report: Report): void {
  for (const cell of allCells(subject)) {
    checkSet(cell, report);
  }
  checkTwice(subject.cells, report);
  checkAgainstRoot(subject, report);
}

function checkSet(cell: CheckedCell, report: Report): void {
  const { cpuSet } = cell.config;
  if (cpuSet.length > CPU_SET_LIMIT_BYTES) {
    report('CPU-SET-SIZE', {
      message: `cpu_set_size is ${cpuSet.length}; the hypervisor takes at most ${CPU_SET_LIMIT_BYTES} bytes`,
      places: [at(cell, 'cpu_set_size', `${cpuSet.length}`)],
    });
  } else if (cpuSet.every((byte) => byte === 0)) {
    report('CPU-NONE', { message: `${cellWords(cell)} has no CPU`, places: [at(cell, 'cpus', '0x0')] });
  }
}

function checkTwice(cells: readonly CheckedCell[], report: Report): void {
  const owners = new Map<number, CheckedCell>();
  for (const cell of cells) {
    const taken = new Map<CheckedCell, number[]>();
    for (const cpu of cellCpus(cell.config)) {
      const owner = owners.get(cpu);
      if (owner) {
        taken.set(owner, [...(taken.get(owner) ?? []), cpu]);
      } else {
        owners.set(cpu, cell);
      }
    }
    for (const [owner, cpus] of taken) {
      report('CPU-TWICE', {
        message: `${cellWords(owner)} and ${cellWords(cell)} both have ${cpuWords(cpus)}`,
        places: [at(owner, 'cpus', showSet(owner)), at(cell, 'cpus', showSet(cell))],
      });
    }
  }
}

function checkAgainstRoot({ system, cells }: Subject, report: Report): void {
  if (!system) {
    return;
  }
  const root = rootOf(system);
  const available = cellCpus(root.config);
  const owned = new Set(available);
  const given = new Set<number>();
  for (const cell of cells) {
    const wanted = cellCpus(cell.config);
    const missing = wanted.filter((cpu) => !owned.has(cpu));
    wanted.forEach((cpu) => given.add(cpu));
    if (missing.length > 0) {
      report('CPU-NOT-IN-ROOT', {
        message: `${cellWords(cell)} has ${cpuWords(missing)}, which the root cell does not have`,
        places: [at(cell, 'cpus', showSet(cell)), at(root, 'cpus', showSet(root))],
        remedy: `choose among ${cpuWords(available)}`,
      });
    }
  }
  if (available.length > 0 && available.every((cpu) => given.has(cpu))) {
    report('CPU-ROOT-LEFT-NONE', {
      message: `the ${cells.length === 1 ? 'cell takes' : 'cells take'} all of the root cell's CPUs`,
      places: [at(root, 'cpus', showSet(root)), ...cells.slice(-1).map((cell) => at(cell, 'cpus', showSet(cell)))],
    });
  }
}

/** The mask as configs write it, and the CPUs that it means. */
function showSet({ config }: CheckedCell): string {
  const cpus = cellCpus(config);
  const mask = cpus.reduce((sum, cpu) => sum | (1n << BigInt(cpu)), 0n);
  return `0x${mask.toString(16)} (${formatCpuList(cpus) || 'none'})`;
}
