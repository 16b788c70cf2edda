import { pages } from './page';

export const cellFindings = pages({
  'NAME-TWICE': {
    severity: 'error',
    title: 'two cells of one name',
    explanation: 'Names of cells are unique, the root cell included.',
    remedy: 'Rename one of them.',
    errno: 'EEXIST',
  },
  'NAME-EMPTY': {
    severity: 'warning',
    title: 'cell without a name',
    explanation: 'It is allowed, but commands can then only address the cell by its id.',
    remedy: 'Give the cell a name of up to 31 bytes.',
  },
  'NAME-LONG': {
    severity: 'warning',
    title: 'name that is cut',
    explanation: 'A name has 31 bytes and a closing NUL; the driver puts the NUL over the 32nd byte.',
    remedy: 'Shorten the name.',
  },
  'DIALECT-MIX': {
    severity: 'error',
    title: 'configs of different releases',
    explanation:
      'Driver and hypervisor take the layout that they were compiled with. The driver only compares the revision number; NXP changed the layout of revisions 9, 10 and 12 without changing the number, so a config of the other layout is accepted and read wrongly.',
    remedy: 'Build all configs for one release, or convert them: cellvisor config convert --dialect DIALECT.',
    errno: 'EINVAL',
  },
  'DIALECT-DRIVER': {
    severity: 'error',
    title: 'config that the driver refuses',
    explanation: 'The driver there was built for another revision of configs.',
    remedy: 'Use a config of that revision: cellvisor config convert --dialect DIALECT.',
    errno: 'EINVAL',
  },
  'SIZE-PAGES': {
    severity: 'error',
    title: 'cell config too large',
    explanation:
      'The hypervisor maps at most 16 pages of a cell config, counted from the page that it starts in: more than 64 KiB never fit, and close to that it depends on where the kernel puts the copy.',
    remedy: 'Merge memory regions.',
    errno: 'E2BIG',
  },
  'COMM-MISSING': {
    severity: 'warning',
    title: 'no communication region',
    explanation:
      'Inmates built with the Jailhouse library stop in their start code when the region is not there. A cell without JAILHOUSE_CELL_PASSIVE_COMMREG is asked through it before it is shut down: that waits forever, which makes this an error.',
    remedy:
      'Add a region with virt_start 0x80000000, size 0x1000 and JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_COMM_REGION.',
  },
  'COMM-ADDRESS': {
    severity: 'warning',
    title: 'communication region where nobody looks',
    explanation:
      'Inmates built with the Jailhouse library look for it at guest address 0x80000000, and nowhere else. Linux does not look for it.',
    remedy: 'Write virt_start = 0x80000000.',
  },
  'COMM-SIZE': {
    severity: 'error',
    title: 'communication region that is not one page',
    explanation:
      "There is one page for each cell. A larger region maps what lies behind it in the hypervisor's memory into the cell; a smaller one is not mapped at all.",
    remedy: 'Write size = 0x1000.',
  },
  'COMM-TWICE': {
    severity: 'warning',
    title: 'two communication regions',
    explanation: 'Both map the same page.',
    remedy: 'Remove one.',
  },
  'COMM-ACCESS': {
    severity: 'error',
    title: 'communication region that cannot be read and written',
    explanation: 'The inmate reads messages there and writes its state and replies.',
    remedy: 'Set JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_COMM_REGION.',
  },
  'CONSOLE-UNMAPPED': {
    severity: 'error',
    title: "console that is not in the cell's memory",
    explanation:
      'The inmate is told to print to a UART that its cell does not map: the first character is a fault that parks the CPU.',
    remedy: 'Add a region of 0x1000 bytes at the address of the UART, with JAILHOUSE_MEM_IO.',
  },
  'CONSOLE-TYPE': {
    severity: 'error',
    title: 'type of UART that is not known',
    explanation:
      'console.type is a number that inmates and hypervisor have a driver for, and on a board that of its UARTs.',
    remedy: 'JAILHOUSE_CON_TYPE_IMX on i.MX 8M, JAILHOUSE_CON_TYPE_IMX_LPUART on i.MX 8QuadMax and 8QuadXPlus.',
  },
  'CONSOLE-ACCESS': {
    severity: 'error',
    title: 'console flags that do not fit the UART',
    explanation:
      'On Arm a UART is reached by MMIO, and the registers of IMX, LPUART and PL011 are 32 bits wide, 4 bytes apart.',
    remedy: 'Set JAILHOUSE_CON_ACCESS_MMIO | JAILHOUSE_CON_REGDIST_4.',
  },
  'CONSOLE-TAKEN': {
    severity: 'warning',
    title: "hypervisor's UART taken from the root cell",
    explanation:
      'The cell gets the UART that the hypervisor prints to, and on most boards Linux, for itself. When Linux prints to it, its CPU is parked.',
    remedy: 'Add JAILHOUSE_MEM_ROOTSHARED, or use another UART.',
  },
  'CONSOLE-SIZE': {
    severity: 'error',
    title: "hypervisor's UART of size 0",
    explanation: 'The hypervisor maps debug_console.size bytes for its own use; with 0 it has no console.',
    remedy: 'Write debug_console.size = 0x1000.',
  },
  'CONSOLE-VIRTUAL': {
    severity: 'note',
    title: 'virtual console that root cannot read',
    explanation:
      "The cell prints to the hypervisor's console, but the system config does not let root read that: the text only goes to the UART.",
    remedy: 'Set JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE in the flags of the system.',
  },
  'LOAD-NONE': {
    severity: 'error',
    title: 'cell that nothing can be loaded into',
    explanation: 'No region has JAILHOUSE_MEM_LOADABLE: "jailhouse cell load" is refused for every image.',
    remedy: 'Add JAILHOUSE_MEM_LOADABLE to the RAM of the cell.',
  },
  'LOAD-READ-ONLY': {
    severity: 'error',
    title: 'loadable memory that cannot be written',
    explanation: 'The driver loads only into regions that have JAILHOUSE_MEM_WRITE too.',
    remedy: 'Add JAILHOUSE_MEM_WRITE.',
  },
  'ENTRY-UNMAPPED': {
    severity: 'error',
    title: 'entry outside of the memory',
    explanation:
      'The first CPU starts at cpu_reset_address, which no region of the cell covers: it faults with its first instruction.',
    remedy: 'Map RAM there (virt_start is what counts, not phys_start), or correct cpu_reset_address.',
  },
  'ENTRY-NOT-RAM': {
    severity: 'error',
    title: 'entry in a region that is no RAM',
    explanation: 'cpu_reset_address is in device registers or in the communication region.',
    remedy: 'Point cpu_reset_address to the RAM that the image is loaded to.',
  },
  'ENTRY-NOT-LOADABLE': {
    severity: 'error',
    title: 'entry in memory that nothing can be loaded to',
    explanation:
      'The region of cpu_reset_address lacks JAILHOUSE_MEM_LOADABLE: the cell executes whatever was there before.',
    remedy: 'Add JAILHOUSE_MEM_LOADABLE to that region.',
  },
  'IMAGE-OUTSIDE': {
    severity: 'error',
    title: 'image that is in no region',
    explanation: 'The address that an image is loaded to is a guest address, and no region of the cell covers it.',
    remedy: 'Load to an address in a loadable region: jailhouse cell load CELL IMAGE -a ADDRESS.',
    errno: 'EINVAL',
  },
  'IMAGE-NOT-LOADABLE': {
    severity: 'error',
    title: 'image in memory that is not loadable',
    explanation:
      'The driver takes the first region that covers the address, and refuses when that lacks JAILHOUSE_MEM_LOADABLE or JAILHOUSE_MEM_WRITE.',
    remedy: 'Load elsewhere, or add the flags.',
    errno: 'EINVAL',
  },
  'IMAGE-TOO-LONG': {
    severity: 'error',
    title: 'image longer than its region',
    explanation: 'An image has to lie in one region: the driver tries no second one for the rest.',
    remedy: 'Make the region larger, or the image smaller.',
    errno: 'EINVAL',
  },
});
