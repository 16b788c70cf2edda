import { fromCells } from '../../fdt';
import { cannot } from './create-error';
import type { DeviceTree, DeviceTreeNode } from '../../fdt';

export interface Cpu {
  /** As Linux counts: the one that boots is 0, the others follow in the order of the tree. */
  readonly number: number;
  /** Affinity fields of MPIDR_EL1. */
  readonly mpidr: bigint;
  /** CPUs of one cluster have the same. */
  readonly cluster: bigint;
  /** `arm,cortex-a53`. */
  readonly compatible: string;
}

const BITS_PER_LEVEL = 8n;

/** @throws CellvisorError `E_CREATE_CPUS` */
export function readCpus(tree: DeviceTree): Cpu[] {
  const nodes = [...(tree.find('/cpus')?.children ?? [])].filter(
    (node) => node.string('device_type') === 'cpu' && node.isAvailable,
  );
  if (nodes.length === 0) {
    throw cannot('E_CREATE_CPUS', 'the device tree has no CPUs', 'it must have a node /cpus, as the kernel wants it');
  }
  return nodes.map((node, number) => {
    const mpidr = affinityOf(node);
    return {
      number,
      mpidr,
      cluster: mpidr >> BITS_PER_LEVEL,
      compatible: node.strings('compatible')?.[0] ?? 'unknown',
    };
  });
}

function affinityOf(node: DeviceTreeNode): bigint {
  return fromCells(node.u32s('reg') ?? [0]);
}
