/* SPDX-License-Identifier: MIT */
/*
 * One flat image: entry at 0, vectors at 0x800, command line at 0x1000 (where `jailhouse cell load ... -s "args" -a
 * 0x1000` puts it), then code and constants. Variables follow the image: start.S fills them from it at every start,
 * so that a cell can be started again without being loaded again.
 */
ENTRY(_start)

SECTIONS
{
  . = INMATE_BASE;
  image_start = .;

  .image : {
    KEEP(*(.boot))
    . = 0x800;
    KEEP(*(.vectors))
    . = 0x1000;
    KEEP(*(.cmdline))
    *(.text .text.*)
    *(.rodata .rodata.*)
    . = ALIGN(16);
    data_initial = .;
  }

  /* At its place in the file, and one further for use */
  .data data_initial + SIZEOF(.data) : AT(data_initial) {
    data_start = .;
    *(.data .data.*)
    . = ALIGN(16);
    data_end = .;
  }

  .bss (NOLOAD) : {
    bss_start = .;
    *(.bss .bss.* COMMON)
    . = ALIGN(16);
    bss_end = .;
  }

  . = ALIGN(16);
  . += INMATE_STACK_SIZE;
  . = ALIGN(4096);
  stack_top = .;
  ram_end = image_start + INMATE_RAM_SIZE;
  /* Page tables come from the heap: the root, RAM, the communication region, and one GiB of devices besides. */
  ASSERT(stack_top + 4 * 4096 <= ram_end, "image, stack and page tables do not fit into INMATE_RAM_SIZE")

  /DISCARD/ : { *(.comment) *(.note*) *(.eh_frame*) *(.ARM.attributes) }
}
