/** Arrays and structs whose name in C is not that of our property in snake_case. */
const NAMES: Readonly<Record<string, string>> = {
  memoryRegions: 'mem_regions',
  pciCapabilities: 'pci_caps',
  cpuSet: 'cpus',
  msiFlags: 'msi_64bits',
  arm: 'platform_info.arm',
  x86: 'platform_info.x86',
  pciMmconfigBase: 'platform_info.pci_mmconfig_base',
  pciMmconfigEndBus: 'platform_info.pci_mmconfig_end_bus',
  pciIsVirtual: 'platform_info.pci_is_virtual',
  pciDomain: 'platform_info.pci_domain',
  iommuUnits: 'platform_info.iommu_units',
};

/** Arrays stand beside the root cell's descriptor in C, not within. */
const ARRAYS = [
  'cpuSet',
  'memoryRegions',
  'cacheRegions',
  'irqchips',
  'pioBitmap',
  'pioRegions',
  'pciDevices',
  'pciCapabilities',
  'streamIds',
  'smmuSids',
];

/** Fields that people count with, by their last name in C; addresses, sizes, masks and flags are written in hex. */
const COUNTED: ReadonlySet<string> = new Set([
  'id',
  'vpci_irq_base',
  'ivshmem_irq',
  'pin_base',
  'maintenance_irq',
  'gic_version',
  'pci_mmconfig_end_bus',
  'pci_is_virtual',
  'pci_domain',
  'domain',
  'iommu',
  'caps_start',
  'num_caps',
  'num_msi_vectors',
  'num_msix_vectors',
  'shmem_region',
  'shmem_regions_start',
  'shmem_dev_id',
  'shmem_peers',
  'divider',
  'gate_nr',
]);

/**
 * The name of a field in the C source of a config, from its path in the decoded one: `rootCell.memoryRegions[3].physStart`
 * is `mem_regions[3].phys_start`, `rootCell.vpciIrqBase` is `root_cell.vpci_irq_base`.
 */
export function cFieldName(path: string): string {
  const parts = path.split('.');
  const inRoot = parts[0] === 'rootCell' && ARRAYS.includes(propertyOf(parts[1] ?? ''));
  return (inRoot ? parts.slice(1) : parts).map(cName).join('.');
}

function propertyOf(part: string): string {
  const at = part.indexOf('[');
  return at < 0 ? part : part.slice(0, at);
}

/** Of properties that were asked for already: a config has each of them many times. */
const names = new Map<string, string>();

function cName(part: string): string {
  const property = propertyOf(part);
  let name = names.get(property);
  if (name === undefined) {
    name = NAMES[property] ?? snakeCase(property);
    names.set(property, name);
  }
  return name + part.slice(property.length);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Whether a number is written as people count, in decimal. @param name last name of the field in C */
export function isCounted(name: string): boolean {
  return COUNTED.has(name);
}
