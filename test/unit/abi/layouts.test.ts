import {
  cacheRegionLayout,
  cellArrays,
  cellDescriptorLayout,
  consoleLayout,
  DIALECTS,
  dialectsOfRevision,
  dialectTraits,
  iommuUnitLayout,
  irqchipLayout,
  memoryRegionLayout,
  pciCapabilityLayout,
  pciDeviceLayout,
  pioRegionLayout,
  smmuSidLayout,
  streamIdLayout,
  systemHeaderLayouts,
} from '../../../src/abi/jailhouse';
import { ELEMENT_SIZE, FIGURES } from './reference-tables';
import type { StructLayout } from '../../../src/abi/layout';

function offsets<T extends object>(layout: StructLayout<T>, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, layout.offsetOf(name)]));
}

function fieldNames<T extends object>(layout: StructLayout<T>): string[] {
  return layout.fields.map(({ name }) => name).filter((name) => !/padding/i.test(name));
}

describe.each(DIALECTS)('%s', (dialect) => {
  const figures = FIGURES[dialect];
  const { revision } = dialectTraits(dialect);

  test('cell descriptor', () => {
    const layout = cellDescriptorLayout(dialect);
    expect(offsets(layout, Object.keys(figures.cell))).toEqual(figures.cell);
    expect(fieldNames(layout).sort()).toEqual(Object.keys(figures.cell).sort());
    expect(layout.sizeBytes).toBe(figures.cellSize);
  });

  test.each(['arm', 'x86'] as const)('system header of %s', (family) => {
    const layout = systemHeaderLayouts(dialect)[family];
    expect(offsets(layout, Object.keys(figures.system))).toEqual(figures.system);
    expect(layout.sizeBytes).toBe(figures.systemSize);
    const platform = figures[family];
    const paths = Object.keys(platform).map((name) => `${family}.${name}`);
    const expected = Object.entries(platform).map(([name, at]) => [`${family}.${name}`, figures.unionAt + at]);
    expect(offsets(layout, paths)).toEqual(Object.fromEntries(expected));
    const iommuAt = family === 'arm' ? figures.armIommuAt : figures.x86IommuAt;
    expect(layout.has('iommuUnits') ? layout.offsetOf('iommuUnits') : undefined).toBe(iommuAt);
    if (iommuAt !== undefined) {
      expect(layout.sizeOf('iommuUnits')).toBe(8 * figures.iommuSize);
    }
    expect(iommuUnitLayout(dialect).sizeBytes).toBe(figures.iommuSize);
  });

  test('console', () => {
    const layout = consoleLayout(dialect);
    const flags: Record<string, number> = revision >= 10 ? { type: 12, flags: 14 } : { flags: 12 };
    const expected = { address: 0, size: 8, ...flags, divider: 16, gateNr: 20, clockReg: 24 };
    expect(offsets(layout, fieldNames(layout))).toEqual(expected);
    expect(layout.sizeBytes).toBe(32);
  });

  test('PCI device', () => {
    const layout = pciDeviceLayout(dialect);
    const tail: Record<string, number> =
      revision >= 12
        ? { shmemRegionsStart: 48, shmemDevId: 52, shmemPeers: 53, shmemProtocol: 54 }
        : { shmemRegion: 48, shmemProtocol: 52 };
    expect(offsets(layout, fieldNames(layout))).toEqual({
      type: 0,
      iommu: 1,
      domain: 2,
      bdf: 4,
      barMask: 6,
      capsStart: 30,
      numCaps: 32,
      numMsiVectors: 34,
      msiFlags: 35,
      numMsixVectors: 36,
      msixRegionSize: 38,
      msixAddress: 40,
      ...tail,
    });
    expect(layout.sizeBytes).toBe(ELEMENT_SIZE.pciDevices);
  });

  test('order of the arrays', () => {
    const nxpSids = dialect === 'nxp-9' || dialect === 'nxp-10';
    expect(cellArrays(dialect).map(({ property }) => property)).toEqual([
      'cpuSet',
      'memoryRegions',
      'cacheRegions',
      'irqchips',
      revision >= 11 ? 'pioRegions' : 'pioBitmap',
      'pciDevices',
      'pciCapabilities',
      ...(revision >= 12 ? ['streamIds'] : nxpSids ? ['smmuSids'] : []),
    ]);
  });
});

test('structs that are the same in all dialects', () => {
  expect(offsets(memoryRegionLayout, fieldNames(memoryRegionLayout))).toEqual({
    physStart: 0,
    virtStart: 8,
    size: 16,
    flags: 24,
  });
  expect(offsets(cacheRegionLayout, ['start', 'size', 'type', 'padding', 'flags'])).toEqual({
    start: 0,
    size: 4,
    type: 8,
    padding: 9,
    flags: 10,
  });
  expect(offsets(irqchipLayout, fieldNames(irqchipLayout))).toEqual({ address: 0, id: 8, pinBase: 12, pinBitmap: 16 });
  expect(offsets(pciCapabilityLayout, fieldNames(pciCapabilityLayout))).toEqual({ id: 0, start: 2, len: 4, flags: 6 });
  expect(offsets(pioRegionLayout, fieldNames(pioRegionLayout))).toEqual({ base: 0, length: 2 });
  expect(offsets(smmuSidLayout, fieldNames(smmuSidLayout))).toEqual({ sid: 0, sidMask: 4 });
  expect({
    memoryRegions: memoryRegionLayout.sizeBytes,
    cacheRegions: cacheRegionLayout.sizeBytes,
    irqchips: irqchipLayout.sizeBytes,
    pioRegions: pioRegionLayout.sizeBytes,
    pciDevices: ELEMENT_SIZE.pciDevices,
    pciCapabilities: pciCapabilityLayout.sizeBytes,
    streamIds: streamIdLayout.sizeBytes,
    smmuSids: smmuSidLayout.sizeBytes,
  }).toEqual(ELEMENT_SIZE);
});

/** IOMMU fields stand behind a choice that has no offsets of its own: found by writing one field and looking. */
test.each([
  ['upstream-9', { base: 0, size: 8, amdBdf: 12, amdBaseCap: 14, amdMsiCap: 15, amdFeatures: 16 }],
  ['nxp-10', { base: 0, size: 8, amdBdf: 12, amdFeatures: 16, armSidMask: 20, armSmmuArch: 24, armSmmuImpl: 28 }],
  ['upstream-12', { type: 0, base: 4, size: 12, amdBdf: 16, amdBaseCap: 18, amdMsiCap: 19, amdFeatures: 20 }],
  ['nxp-12', { type: 0, base: 4, size: 12, amdFeatures: 20, armSidMask: 28, armSmmuArch: 32, armSmmuImpl: 36 }],
  ['upstream-14', { type: 0, base: 4, size: 12, amdBdf: 16, amdBaseCap: 18, amdMsiCap: 19, amdFeatures: 20 }],
] as const)('IOMMU unit of %s', (dialect, expected) => {
  const layout = iommuUnitLayout(dialect);
  for (const [name, offset] of Object.entries(expected)) {
    const bytes = new Uint8Array(layout.sizeBytes);
    const unit = { base: 0n, size: 0, [name]: name === 'base' ? 0x7fn : 0x7f };
    const place = { operation: 'test', format: dialect, path: 'unit', offset: 0 };
    layout.encodeInto(unit, new DataView(bytes.buffer), 0, place);
    expect([name, bytes.indexOf(0x7f)]).toEqual([name, offset]);
  }
});

test('a PVU has its own fields in the union', () => {
  const layout = iommuUnitLayout('upstream-14');
  const bytes = new Uint8Array(28);
  const view = new DataView(bytes.buffer);
  const unit = { type: 4, base: 1n, size: 2, tlbBase: 0x1122_3344_5566_7788n, tlbSize: 0x99 };
  layout.encodeInto(unit, view, 0, { operation: 'test', format: 'test', path: 'unit', offset: 0 });
  expect(view.getBigUint64(16, true)).toBe(0x1122_3344_5566_7788n);
  expect(view.getUint32(24, true)).toBe(0x99);
  expect(layout.decodeView(view, 0)).toEqual(unit);
});

test('revision numbers and their dialects', () => {
  expect(dialectsOfRevision(8)).toEqual(['upstream-8']);
  expect(dialectsOfRevision(9)).toEqual(['upstream-9', 'nxp-9']);
  expect(dialectsOfRevision(10)).toEqual(['upstream-10', 'nxp-10']);
  expect(dialectsOfRevision(11)).toEqual(['upstream-11']);
  expect(dialectsOfRevision(12)).toEqual(['upstream-12', 'nxp-12']);
  expect(dialectsOfRevision(13)).toEqual(['upstream-13']);
  expect(dialectsOfRevision(14)).toEqual(['upstream-14']);
  expect(dialectsOfRevision(15)).toEqual([]);
});
