import { pages } from './page';

export const cpuFindings = pages({
  'CPU-NONE': {
    severity: 'error',
    title: 'no CPU',
    explanation: 'The CPU set is empty. A root cell without CPUs cannot be enabled, another cell could never run.',
    remedy: 'Set the bits of the CPUs in cpus: bit 3 (0x8) is CPU 3.',
    errno: 'EINVAL',
  },
  'CPU-NOT-IN-ROOT': {
    severity: 'error',
    title: 'CPU that the root cell does not have',
    explanation: 'A cell gets its CPUs from the root cell. The driver refuses one with a CPU that is not there.',
    remedy: "Choose CPUs of the root cell's set.",
    errno: 'EBUSY',
  },
  'CPU-TWICE': {
    severity: 'error',
    title: 'CPU in two cells',
    explanation:
      'A CPU belongs to one cell. The second of the two cannot be created while the first exists. Cells that never exist at the same time may share: check them one by one.',
    remedy: 'Choose another CPU for one of them.',
    errno: 'EBUSY',
  },
  'CPU-ROOT-LEFT-NONE': {
    severity: 'error',
    title: 'root cell left without a CPU',
    explanation: 'Linux has to keep at least one CPU: the one that creates the cell cannot be given away.',
    remedy: 'Leave a CPU to the root cell, usually CPU 0.',
    errno: 'EBUSY',
  },
  'CPU-SET-SIZE': {
    severity: 'error',
    title: 'CPU set too large',
    explanation: 'The hypervisor takes CPU sets of at most 4096 bytes.',
    remedy: 'Set cpu_set_size to sizeof(config.cpus): 8 bytes are 64 CPUs.',
    errno: 'EINVAL',
  },
});
