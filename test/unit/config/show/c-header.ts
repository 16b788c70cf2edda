/** What cell-config.h says of a dialect, made of our layouts: enough to compile a config's C source. */
import {
  armPlatformLayout,
  cacheRegionLayout,
  cellDescriptorLayout,
  consoleLayout,
  dialectTraits,
  iommuUnitLayout,
  irqchipLayout,
  memoryRegionLayout,
  pciCapabilityLayout,
  pciDeviceLayout,
  pioRegionLayout,
  smmuSidLayout,
  systemHeaderLayouts,
} from '../../../../src/abi/jailhouse';
import { cFieldName } from '../../../../src/config/field-names';
import type { PlacedField } from '../../../../src/abi/field';
import type { Dialect } from '../../../../src/abi/jailhouse';

const MACROS = `
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define JAILHOUSE_X86 0
#define JAILHOUSE_ARM 1
#define JAILHOUSE_ARM64 2
#define JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE 0x1
#define JAILHOUSE_CELL_PASSIVE_COMMREG 0x1
#define JAILHOUSE_CELL_TEST_DEVICE 0x2
#define JAILHOUSE_CELL_VIRTUAL_CONSOLE_PERMITTED 0x40000000
#define JAILHOUSE_CELL_VIRTUAL_CONSOLE_ACTIVE 0x80000000
#define JAILHOUSE_MEM_READ 0x1
#define JAILHOUSE_MEM_WRITE 0x2
#define JAILHOUSE_MEM_EXECUTE 0x4
#define JAILHOUSE_MEM_DMA 0x8
#define JAILHOUSE_MEM_IO 0x10
#define JAILHOUSE_MEM_COMM_REGION 0x20
#define JAILHOUSE_MEM_LOADABLE 0x40
#define JAILHOUSE_MEM_ROOTSHARED 0x80
#define JAILHOUSE_MEM_IO_32 0x40000
#define JAILHOUSE_CON_TYPE_PL011 3
#define JAILHOUSE_CON_TYPE_IMX 8
#define JAILHOUSE_CON_TYPE_IMX_LPUART 9
#define JAILHOUSE_CON_ACCESS_MMIO 0x1
#define JAILHOUSE_CON_REGDIST_4 0x2
#define JAILHOUSE_CON1_TYPE_IMX 0x8
#define JAILHOUSE_CON1_TYPE_IMX_LPUART 0x9
#define JAILHOUSE_CON1_ACCESS_MMIO 0x10
#define JAILHOUSE_CON1_REGDIST_4 0x20
#define JAILHOUSE_CON2_TYPE_ROOTPAGE 0x100
#define JAILHOUSE_PCI_TYPE_IVSHMEM 3
#define JAILHOUSE_SHMEM_PROTO_UNDEFINED 0
`;

export function cHeader(dialect: Dialect): string {
  const { revision } = dialectTraits(dialect);
  const [system, cell] = revision >= 14 ? ['JHSYS', 'JHCLL'] : ['JHSYST', 'JHCELL'];
  const iommu = iommuUnitLayout(dialect);
  const unitFields = 'fields' in iommu ? (iommu.fields as readonly PlacedField[]) : undefined;
  return [
    'typedef unsigned char __u8; typedef unsigned short __u16; typedef unsigned int __u32; typedef unsigned long long __u64;',
    MACROS,
    `#define JAILHOUSE_CONFIG_REVISION ${revision}`,
    `#define JAILHOUSE_SYSTEM_SIGNATURE "${system}"`,
    `#define JAILHOUSE_CELL_DESC_SIGNATURE "${cell}"`,
    `#define JAILHOUSE_SHMEM_PROTO_VETH ${revision >= 12 ? '0x1' : '0x100'}`,
    struct('jailhouse_memory', memoryRegionLayout.fields),
    struct('jailhouse_cache', cacheRegionLayout.fields),
    struct('jailhouse_irqchip', irqchipLayout.fields),
    struct('jailhouse_pio', pioRegionLayout.fields),
    struct('jailhouse_pci_device', pciDeviceLayout(dialect).fields),
    struct('jailhouse_pci_capability', pciCapabilityLayout.fields),
    struct('jailhouse_smmu_sid', smmuSidLayout.fields),
    'union jailhouse_stream_id { __u32 id; } __attribute__((packed));',
    struct('jailhouse_console', consoleLayout(dialect).fields),
    unitFields ? struct('jailhouse_iommu', unitFields) : IOMMU_V12[revision === 12 ? dialect : 'later'],
    struct('jailhouse_cell_desc', cellDescriptorLayout(dialect).fields),
    systemStruct(dialect),
  ].join('\n');
}

const AMD =
  'struct { __u16 bdf; __u8 base_cap; __u8 msi_cap; __u32 features; __u32 unused; } __attribute__((packed)) amd;';
const HEAD = `struct jailhouse_iommu { __u32 type; __u64 base; __u32 size; ${AMD}`;
const NXP_TAIL = '__u32 arm_sid_mask; __u32 arm_smmu_arch; __u32 arm_smmu_impl;';
const IOMMU_V12: Readonly<Record<string, string>> = {
  'nxp-12': `${HEAD} ${NXP_TAIL} } __attribute__((packed));`,
  'upstream-12': `${HEAD} } __attribute__((packed));`,
  later: `${HEAD} } __attribute__((packed));`,
};

/** The platform's fields are members of a struct within; IOMMUs belong to the machine's struct before revision 13. */
function systemStruct(dialect: Dialect): string {
  const { fields } = systemHeaderLayouts(dialect).arm;
  const isPlatform = ({ name }: PlacedField) =>
    name.startsWith('pci') || ['arm', 'iommuUnits', 'platformPadding'].includes(name);
  const before = fields.filter((field, index) => !isPlatform(field) && index < fields.findIndex(isPlatform));
  const platform = fields.filter(isPlatform);
  const arm = platform.findIndex(({ name }) => name === 'arm');
  const inMachine = platform
    .slice(arm + 1)
    .map(member)
    .join(' ');
  const machine = `struct { ${armPlatformLayout(dialect).fields.map(member).join(' ')} ${inMachine} } __attribute__((packed)) arm;`;
  return `struct jailhouse_system { ${before.map(member).join(' ')} struct { ${platform.slice(0, arm).map(member).join(' ')} ${machine} } __attribute__((packed)) platform_info; struct jailhouse_cell_desc root_cell; } __attribute__((packed));`;
}

function struct(name: string, fields: readonly PlacedField[]): string {
  return `struct ${name} { ${fields.map(member).join(' ')} } __attribute__((packed));`;
}

const STRUCTS: Readonly<Record<string, string>> = {
  hypervisorMemory: 'struct jailhouse_memory',
  debugConsole: 'struct jailhouse_console',
  console: 'struct jailhouse_console',
};

function member({ name, sizeBytes }: PlacedField): string {
  const cName = name === 'architectureCode' ? 'architecture' : (cFieldName(name).split('.').at(-1) as string);
  if (STRUCTS[name]) return `${STRUCTS[name]} ${cName};`;
  if (name === 'iommuUnits') return 'struct jailhouse_iommu iommu_units[8];';
  if (name === 'pinBitmap' || name === 'barMask') return `__u32 ${cName}[${sizeBytes / 4}];`;
  if (name === 'name' || name === 'signature') return `char ${cName}[${sizeBytes}];`;
  return [1, 2, 4, 8].includes(sizeBytes) && name !== 'padding'
    ? `__u${8 * sizeBytes} ${cName};`
    : `__u8 ${cName}[${sizeBytes}];`;
}
