/* SPDX-License-Identifier: MIT */
/*
 * The other end of uio_send and uio_read (ivshmem v1), or of Jailhouse's ivshmem-demo tool (ivshmem v2). Which of the
 * two the cell has shows on the PCI bus.
 */
#include "ivshmem-demo.h"

#include "inmate.h"

void inmate_main(void) {
  if (!pci_setup() || (!run_ivshmem_v1_demo() && !run_ivshmem_v2_demo()))
    printk("IVSHMEM: No PCI devices found .. nothing to do.\n");
}
