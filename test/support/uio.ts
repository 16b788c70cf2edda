/** sysfs of a /dev/uio0 that is an ivshmem device; `maps` leaves the PCI ids out. */
export function ivshmemFiles(version: 1 | 2, how: 'pci' | 'maps' = 'pci'): Record<string, string> {
  const folder = '/sys/class/uio/uio0';
  const ids = version === 1 ? ['0x1af4', '0x1110'] : ['0x110a', '0x4106'];
  const maps =
    version === 1
      ? ([
          ['registers', 0x1000],
          ['shmem', 0x100000],
        ] as const)
      : ([
          ['registers', 0x1000],
          ['state_table', 0x1000],
          ['rw_section', 0x9000],
          ['input_sections', 0x6000],
          ['output_section', 0x2000],
        ] as const);
  const files: Record<string, string> = { [`${folder}/name`]: 'uio_ivshmem\n', [`${folder}/version`]: '0.0.1\n' };
  if (how === 'pci') {
    files[`${folder}/device/vendor`] = `${ids[0]}\n`;
    files[`${folder}/device/device`] = `${ids[1]}\n`;
  }
  maps.forEach(([name, size], index) => {
    files[`${folder}/maps/map${index}/name`] = `${name}\n`;
    files[`${folder}/maps/map${index}/size`] = `0x${size.toString(16)}\n`;
  });
  return files;
}
