/** A path, where `*` stands for any part of one name. */
export interface FileGroup {
  readonly patterns: readonly string[];
  /** Whether the collection fails without it. */
  readonly isRequired: boolean;
}

const PCI = ['/sys/bus/pci/devices/*/config', '/sys/bus/pci/devices/*/resource'];
const CPUS = '/sys/devices/system/cpu/cpu*/uevent';
const ENABLED = '/sys/devices/jailhouse/enabled';
const TTYS = ['iomem_base', 'iomem_reg_shift', 'io_type', 'port'].map((name) => `/sys/class/tty/*/${name}`);

/** What the C tool's script collects, which knows x86 only (jailhouse-tools reference 12.2). */
export function filesOfX86(cpuinfo: string): FileGroup[] {
  const tables = '/sys/firmware/acpi/tables';
  const vendors: readonly (readonly [string, string])[] = [
    ['GenuineIntel', `${tables}/DMAR`],
    ['AuthenticAMD', `${tables}/IVRS`],
  ];
  const required = ['/proc/iomem', '/proc/cpuinfo', '/proc/cmdline', '/proc/ioports', ...PCI, CPUS];
  return [
    {
      patterns: [
        ...required,
        `${tables}/APIC`,
        `${tables}/MCFG`,
        ...vendors.flatMap(([vendor, table]) => (cpuinfo.includes(vendor) ? [table] : [])),
      ],
      isRequired: true,
    },
    {
      patterns: ['/sys/class/dmi/id/product_name', '/sys/class/dmi/id/sys_vendor', ...TTYS, ENABLED],
      isRequired: false,
    },
  ];
}

/** What configs for a board with a device tree are made of, and what helps to see why one does not run. */
export const FILES_OF_ARM64: readonly FileGroup[] = [
  { patterns: ['/proc/iomem', '/proc/cpuinfo'], isRequired: true },
  {
    patterns: [
      '/proc/cmdline',
      '/proc/interrupts',
      '/proc/version',
      CPUS,
      '/sys/devices/system/cpu/present',
      '/sys/devices/system/cpu/online',
      ...PCI,
      ...TTYS,
      '/sys/class/uio/uio*/name',
      '/sys/class/uio/uio*/version',
      '/sys/class/uio/uio*/event',
      ...['name', 'addr', 'size', 'offset'].map((name) => `/sys/class/uio/uio*/maps/map*/${name}`),
      '/sys/module/jailhouse/version',
      ENABLED,
    ],
    isRequired: false,
  },
];
