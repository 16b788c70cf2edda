/* SPDX-License-Identifier: MIT */
#ifndef IVSHMEM_DEMO_H
#define IVSHMEM_DEMO_H

#include <stdbool.h>

/* Both look for their devices and run for good when there is one; false: none. The GIC's handler is theirs. */
bool run_ivshmem_v1_demo(void);
bool run_ivshmem_v2_demo(void);

#endif
