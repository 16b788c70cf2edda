import { pages } from './page';

export const ivshmemFindings = pages({
  'IVSHMEM-REGION': {
    severity: 'error',
    title: 'shared memory that is not among the regions',
    explanation:
      'shmem_region (shmem_regions_start from revision 12 on) is an index into mem_regions. Version 2 needs 2 + shmem_peers regions from there: state table, R/W section, one output section for each peer.',
    remedy: 'Count the regions from 0, those of size 0 included.',
    errno: 'EINVAL',
  },
  'IVSHMEM-MEMORY': {
    severity: 'error',
    title: 'ends of a link with different memory',
    explanation: 'Both ends of a link have to name the same physical memory: same phys_start, same size.',
    remedy: 'Write the same address and size in both configs.',
    errno: 'EINVAL',
  },
  'IVSHMEM-PROTOCOL': {
    severity: 'error',
    title: 'ends of a link that speak different protocols',
    explanation:
      'Both ends have to have the same shmem_protocol. Linux cells use VETH, bare-metal demos UNDEFINED: NXP ships two root configs for each board, and a Linux cell needs the one that ends in -veth.',
    remedy: 'Use the root config with the protocol of the cell, or change shmem_protocol of one end.',
    errno: 'EINVAL',
  },
  'IVSHMEM-CROWDED': {
    severity: 'error',
    title: 'more ends than the link has',
    explanation:
      'A link of version 1 has two ends, one of version 2 has shmem_peers, each with an id of its own. Cells that never exist at the same time may share an end: check them one by one.',
    remedy: 'Give the third cell a device with another bdf, and the root cell its other end.',
    errno: 'EBUSY',
  },
  'IVSHMEM-ALONE': {
    severity: 'warning',
    title: 'link without another end',
    explanation: 'No other config of this check has a device with this bdf: nobody answers.',
    remedy: 'Give the root cell, or another cell, a device with the same bdf, memory and protocol.',
  },
  'IVSHMEM-NOT-SHARED': {
    severity: 'error',
    title: 'shared memory taken from the root cell',
    explanation:
      'Without JAILHOUSE_MEM_ROOTSHARED the memory leaves the root cell when the cell is created: the other end of the link faults on its first access.',
    remedy: 'Add JAILHOUSE_MEM_ROOTSHARED to the region of the cell.',
  },
  'IVSHMEM-ACCESS': {
    severity: 'error',
    title: 'shared memory with the wrong permissions',
    explanation:
      'Version 1: both ends read and write. Version 2: all peers read all sections and write the R/W section, each writes its own output section and no other, and nobody writes the state table.',
    remedy: 'Set JAILHOUSE_MEM_READ and JAILHOUSE_MEM_WRITE accordingly.',
  },
  'IVSHMEM-PEERS': {
    severity: 'error',
    title: 'numbers of peers that do not fit',
    explanation:
      'A link of version 2 has 2 to 12 peers, the same number in all configs, and shmem_dev_id counts them from 0.',
    remedy: 'Give each end its own shmem_dev_id below shmem_peers.',
    errno: 'EINVAL',
  },
  'IVSHMEM-GAP': {
    severity: 'error',
    title: 'sections that do not follow each other',
    explanation:
      'The guest is told one address, that of the state table. R/W section and output sections have to follow it in guest memory without a gap, and all output sections have one size.',
    remedy: 'Let each section start where the one before it ends.',
  },
  'IVSHMEM-VECTORS': {
    severity: 'error',
    title: 'more interrupt vectors than a device has',
    explanation: 'A device of version 2 has at most 16 MSI-X vectors, one of version 1 has one.',
    remedy: 'Lower num_msix_vectors; 0 means INTx.',
    errno: 'EINVAL',
  },
  'IVSHMEM-BAR-MASK': {
    severity: 'error',
    title: 'device whose registers cannot be placed',
    explanation:
      'bar_mask says which bits of each BAR can be written. When that of BAR 0 is 0, software sees no register window; with MSI-X, version 2 needs BAR 1 too.',
    remedy:
      'Version 1: { 0xffffff00, 0xffffffff, 0, 0, 0, 0 }. Version 2: JAILHOUSE_IVSHMEM_BAR_MASK_INTX, { 0xfffff000, 0, ... }.',
  },
});
