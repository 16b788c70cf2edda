import { pages } from './page';

/** Only with `--against`: what the config says and what the board has. */
export const hardwareFindings = pages({
  'HW-CPU': {
    severity: 'error',
    title: 'CPUs that are not those of the board',
    explanation:
      'Every CPU of the machine has to enter the hypervisor, and no other: a root cell with too many or too few CPUs cannot be enabled.',
    remedy: "List the board's CPUs, all of them, in the root cell.",
    errno: 'EINVAL',
  },
  'HW-RAM': {
    severity: 'error',
    title: 'RAM that the board does not have',
    explanation:
      "The region is mapped as memory, but there is no RAM at that address. For a root cell this is a note: its device drivers map registers as what they are, whatever the config says. The region for the DDR performance monitor in NXP's imx8mq-veth is such a one.",
    remedy: 'Correct phys_start or size; registers of devices need JAILHOUSE_MEM_IO.',
  },
  'HW-RESERVED': {
    severity: 'error',
    title: 'memory that Linux uses',
    explanation:
      'Linux has not been told to keep away from this memory. For the hypervisor the driver refuses ("request_mem_region failed"); a cell shares it with whatever Linux keeps there, and both are corrupted.',
    remedy: 'Reserve it in the device tree with a no-map node in reserved-memory, or move the region.',
    errno: 'EINVAL',
  },
  'HW-UNMAPPED': {
    severity: 'error',
    title: 'RAM of Linux that the root cell does not map',
    explanation:
      'Linux uses this memory, but the root config does not give it to the root cell. The first access after "jailhouse enable" parks the CPU: the board hangs.',
    remedy: 'Add the memory to the root config, or keep Linux from it (reserved-memory, mem=).',
  },
  'HW-GIC': {
    severity: 'error',
    title: "GIC that is not where the board's is",
    explanation: 'The hypervisor finds no distributor or no redistributor at these addresses, and gives up.',
    remedy: 'Write the addresses of the board.',
    errno: 'ENODEV',
  },
  'HW-UART': {
    severity: 'error',
    title: 'console that is no UART of the board',
    explanation: 'There is no UART of that kind at the address.',
    remedy: 'Write address and type of one of the UARTs of the board.',
  },
  'HW-IO-CACHED': {
    severity: 'error',
    title: 'device registers mapped as memory',
    explanation:
      'The region covers registers of a device and lacks JAILHOUSE_MEM_IO: accesses are cached, merged and reordered. For a root cell this is a note.',
    remedy: 'Add JAILHOUSE_MEM_IO.',
  },
});
