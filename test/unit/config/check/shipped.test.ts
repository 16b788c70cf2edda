/** The cells of cells/, each beside the root cells of its board. */
import { cells } from '../../../../cells';
import { isSystemConfig } from '../../../../src/abi/jailhouse';
import { findBoard } from '../../../../src/boards';
import { forDialect } from '../../../../src/config/builder';
import { checkConfigs } from '../../../../src/config/check/check';
import { hardwareOfBoard } from '../../../../src/config/check/hardware';
import type { CellConfig, Dialect, SystemConfig } from '../../../../src/abi/jailhouse';
import type { CellModule } from '../../../../src/config/builder';
import type { Finding } from '../../../../src/config/check/finding';

const entries = Object.entries(cells);
const roots = entries.filter(([, { config }]) => isSystemConfig(config));

/** A Linux cell needs the root cell with a network link, the other demos need the one without. */
function belongsTo(name: string, cell: CellModule, rootName: string, root: CellModule): boolean {
  const [device] = (cell.config as CellConfig).pciDevices;
  return (
    !isSystemConfig(cell.config) &&
    cell.board === root.board &&
    (device === undefined || rootName.endsWith('-veth') === name.endsWith('-linux-demo'))
  );
}

const pairs = roots.flatMap(([rootName, root]) => [
  [rootName, undefined] as const,
  ...entries
    .filter(([name, cell]) => !isSystemConfig(cell.config) && belongsTo(name, cell, rootName, root))
    .map(([name]) => [rootName, name] as const),
]);

function check(rootName: string, name: string | undefined, dialect?: Dialect): Finding[] {
  const root = cells[rootName] as CellModule;
  const cell = name === undefined ? undefined : (cells[name] as CellModule);
  const moved = <T extends SystemConfig | CellConfig>({ config, dialect: own }: CellModule) =>
    forDialect(config as T, own, dialect ?? own);
  return checkConfigs({
    system: { dialect: dialect ?? root.dialect, config: moved<SystemConfig>(root) },
    cells: cell ? [{ dialect: dialect ?? cell.dialect, config: moved<CellConfig>(cell), isRoot: false }] : [],
    hardware: hardwareOfBoard(findBoard(root.board)),
  });
}

/** What NXP's own files have; the pages of these codes say why each is no more than a note. */
const NOTES = ['MEM-GIC', 'MEM-SMMU', 'MEM-EMPTY', 'VPCI-TOLD', 'HW-RAM'];

test.each(pairs)('%s with %s', (rootName, name) => {
  const findings = check(rootName, name);
  expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  expect(findings.map(({ code }) => code).filter((code) => !NOTES.includes(code))).toEqual([]);
});

test.each(pairs)('%s with %s, moved to ivshmem v2', (rootName, name) => {
  expect(check(rootName, name, 'upstream-14').filter(({ severity }) => severity !== 'note')).toEqual([]);
});

test("upstream's own have no notes either", () => {
  expect(check('qemu-arm64', 'qemu-arm64-inmate-demo')).toEqual([]);
});

test.each(['imx8mm', 'imx8mq', 'imx8qm', 'imx8qxp'])('the Linux cell of %s needs the other root cell', (board) => {
  const errors = check(board, `${board}-linux-demo`).filter(({ severity }) => severity === 'error');
  expect(errors.map(({ code }) => code)).toEqual(['IVSHMEM-PROTOCOL']);
});

test('demos of one board cannot be there together', () => {
  const demos = ['imx8mq-gic-demo', 'imx8mq-ivshmem-demo'].map((name) => cells[name] as CellModule);
  const root = cells['imx8mq'] as CellModule;
  const findings = checkConfigs({
    system: { dialect: root.dialect, config: root.config as SystemConfig },
    cells: demos.map(({ dialect, config }) => ({ dialect, config: config as CellConfig, isRoot: false })),
  });
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  expect(errors).toEqual(['CPU-TWICE', 'MEM-OVERLAP-CELLS']);
});

test('one config takes less than 5 ms', () => {
  const times = Array.from({ length: 21 }, () => {
    const startedMs = performance.now();
    check('imx8mq-veth', 'imx8mq-linux-demo');
    return performance.now() - startedMs;
  }).sort((a, b) => a - b);
  expect(times[10]).toBeLessThan(5);
});
