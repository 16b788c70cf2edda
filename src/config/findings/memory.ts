import { pages } from './page';

export const memoryFindings = pages({
  'MEM-PHYS-ALIGN': {
    severity: 'error',
    title: 'physical address inside of a page',
    explanation:
      'virt_start and size are whole pages, phys_start is not. The hypervisor rounds it down to 4096, so the cell sees other bytes than the config says: all addresses are off by the rest.',
    remedy: 'Start the region at a page: a multiple of 0x1000.',
  },
  'MEM-SUBPAGE-RAM': {
    severity: 'error',
    title: 'RAM that is not made of whole pages',
    explanation:
      'A region whose virt_start or size is not a multiple of 4096 is not mapped. The hypervisor emulates accesses to it one by one; no CPU can execute from it, and memory reached that way is not RAM to the cell.',
    remedy: 'Round virt_start, phys_start and size of RAM to multiples of 0x1000.',
  },
  'MEM-SUBPAGE-WIDTH': {
    severity: 'error',
    title: 'register window that permits no access width',
    explanation:
      'A region of less than a page is emulated access by access, and each width has to be permitted by a flag. Without any of JAILHOUSE_MEM_IO_8, _16, _32 and _64 the first access parks the CPU with "Invalid MMIO".',
    remedy: 'Add the widths that the device has, JAILHOUSE_MEM_IO_32 for most, or map the whole page.',
  },
  'MEM-RANGE': {
    severity: 'error',
    title: 'region beyond the address space',
    explanation:
      'phys_start + size or virt_start + size is more than the CPUs can address. The tables wrap around there, and the pages land at other addresses.',
    remedy: 'Correct start or size; the cores of i.MX 8 have 40 bits of address.',
  },
  'MEM-EMPTY': {
    severity: 'note',
    title: 'region of size 0',
    explanation: 'The region has no effect. Indices of other regions, such as shmem_region, count it all the same.',
    remedy: 'Leave it out, and lower num_memory_regions and the indices behind it; or keep it.',
  },
  'MEM-NO-ACCESS': {
    severity: 'warning',
    title: 'region that may be neither read nor written',
    explanation: 'The region is mapped without access: each access of the cell is a fault that parks the CPU.',
    remedy: 'Add JAILHOUSE_MEM_READ, and JAILHOUSE_MEM_WRITE where the cell writes.',
  },
  'MEM-FLAGS': {
    severity: 'warning',
    title: 'memory flags that this release does not know',
    explanation:
      'Bits that the release does not have are ignored. Bit 0x100 is one that changed: IO_UNALIGNED up to revision 11, NO_HUGEPAGES from 12 on.',
    remedy: 'Use the flags of the release that the config is for.',
  },
  'MEM-OVERLAP-VIRT': {
    severity: 'error',
    title: 'two regions of a cell at one guest address',
    explanation:
      'The hypervisor maps regions in the order of the config, page by page, so the later one wins where two overlap. Part of the earlier region cannot be reached by the cell.',
    remedy: 'Move or shrink one of the two, so that each guest address belongs to one region.',
  },
  'MEM-OVERLAP-SAME': {
    severity: 'warning',
    title: 'two regions of a cell that map the same memory',
    explanation:
      'Both regions map the same physical pages at the same guest addresses. Where they overlap the flags of the later one count.',
    remedy: 'Cut the smaller one out of the larger one, or leave it out.',
  },
  'MEM-OVERLAP-PHYS': {
    severity: 'warning',
    title: 'physical memory that a cell sees twice',
    explanation:
      'Two regions of the cell map the same physical memory at different guest addresses. With different memory types (JAILHOUSE_MEM_IO in one of them) the caches do not agree.',
    remedy: 'Give each region physical memory of its own, unless the alias is wanted.',
  },
  'MEM-OVERLAP-CELLS': {
    severity: 'error',
    title: 'memory in two cells',
    explanation:
      'Two cells own the same physical memory; the hypervisor does not check that. Each can overwrite the other. Memory that cells share on purpose has JAILHOUSE_MEM_ROOTSHARED in all of them. Cells that never exist at the same time may overlap: check them one by one.',
    remedy: 'Give each cell memory of its own, or mark what they share with JAILHOUSE_MEM_ROOTSHARED in both.',
  },
  'MEM-HYPERVISOR': {
    severity: 'error',
    title: "region in the hypervisor's memory",
    explanation:
      'The region covers memory of the hypervisor. In the root cell those pages read as zeros and cannot be written. Any other cell really gets them, and can take over the machine.',
    remedy: 'Cut hypervisor_memory out of the region.',
  },
  'MEM-NOT-IN-ROOT': {
    severity: 'warning',
    title: 'memory that the root cell does not have',
    explanation:
      'The hypervisor gives a cell whatever its config names, and does not check that the root cell had it. What is not in the root config does not come back when the cell is destroyed, and is often a wrong address.',
    remedy: 'Correct phys_start, or add the memory to the root config.',
  },
  'LOAD-NOT-IN-ROOT': {
    severity: 'error',
    title: 'loadable memory that the root cell does not have',
    explanation:
      'For loading, a cell\'s memory is mapped back into the root cell, but only where the root config covers it. Elsewhere the copy of "jailhouse cell load" faults: the CPU that Linux copies with is parked, and the board seems to hang.',
    remedy: 'Correct phys_start, or add the memory to the root config, with READ and WRITE.',
  },
  'MEM-GIC': {
    severity: 'error',
    title: "region that covers the GIC's registers",
    explanation:
      "Distributor and redistributors are emulated because nothing is mapped at their addresses. A cell that maps them reaches the real ones: it can enable, route and acknowledge interrupts of every cell. For a root cell this is a note: NXP's imx8mm, imx8mq, imx8qm and imx8qxp root configs map all of the first GiB or two, and Linux works with that; but Linux is then not kept from interrupts of other cells.",
    remedy: 'Leave the GIC out of the region, as imx8mq-veth does with a region for each device.',
  },
  'MEM-SMMU': {
    severity: 'error',
    title: "region that covers an SMMU's registers",
    explanation:
      "The hypervisor programs the SMMU. A cell that maps its registers can let devices reach all memory. For a root cell this is a note: NXP's imx8qm maps the first 2 GiB.",
    remedy: 'Leave the SMMU out of the region.',
  },
  'HV-MEM-ALIGN': {
    severity: 'error',
    title: "hypervisor's memory is not whole pages",
    explanation: 'hypervisor_memory has to start at a page and be made of whole pages.',
    remedy: "Use multiples of 0x1000; all of NXP's configs use multiples of 2 MiB.",
  },
  'HV-MEM-SMALL': {
    severity: 'error',
    title: "hypervisor's memory too small for image, CPUs and config",
    explanation:
      'hypervisor_memory holds the image, 16 KiB for each CPU up to the highest one, the config, and the page pool. Without room for the first three the driver answers EINVAL and says nothing.',
    remedy: 'Give hypervisor_memory.size 4 MiB, as NXP does, and reserve as much in the device tree.',
    errno: 'EINVAL',
  },
  'HV-POOL': {
    severity: 'error',
    title: 'page pool too small for the cells',
    explanation:
      'Page tables, cells and device tables come from the pool of 4 KiB pages behind the image. The number that these configs need is estimated; "jailhouse" shows the real one in mem_pool_used.',
    remedy: 'Make hypervisor_memory.size larger, or regions fewer and aligned to 2 MiB.',
    errno: 'ENOMEM',
  },
});
