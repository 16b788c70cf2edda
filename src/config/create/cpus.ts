import { fromCells } from '../../fdt';
import { cannot } from './create-error';
import type { BoardDescription } from '../../boards';
import type { DeviceTree } from '../../fdt';

export interface Cpu {
  /** As Linux counts: the one that boots is 0, the others follow in the order of the tree. */
  readonly number: number;
  /** Affinity of MPIDR_EL1 without its lowest level: CPUs of one cluster have the same. */
  readonly cluster: bigint;
}

const BITS_PER_LEVEL = 8n;
/** Aff3, Aff2, Aff1 and Aff0 of MPIDR_EL1 (DDI 0487, D24.2). */
const AFFINITY = 0xff_00ff_ffffn;

/** @throws CellvisorError `E_CREATE_CPUS` */
export function readCpus(tree: DeviceTree): Cpu[] {
  const nodes = [...(tree.find('/cpus')?.children ?? [])].filter(
    (node) => node.string('device_type') === 'cpu' && node.isAvailable,
  );
  if (nodes.length === 0) {
    throw cannot('E_CREATE_CPUS', 'the device tree has no CPUs', 'it must have a node /cpus, as the kernel wants it');
  }
  return nodes.map((node, number) => ({ number, cluster: clusterOf(fromCells(node.u32s('reg') ?? [0])) }));
}

/** All CPUs of a board: those that a tree lists, and those that it leaves out, which are the last ones. */
export function withCpusOf(board: BoardDescription, cpus: readonly Cpu[]): readonly Cpu[] {
  const all = board.cpus.map(({ mpidr }, number) => ({ number, cluster: clusterOf(mpidr & AFFINITY) }));
  return [...cpus, ...all.slice(cpus.length)];
}

function clusterOf(affinity: bigint): bigint {
  return affinity >> BITS_PER_LEVEL;
}
