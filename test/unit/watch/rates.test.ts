import { ratesBetween } from '../../../src/watch/rates';
import { cellSample, snapshot } from '../../support/snapshots';

const rates = (before: Parameters<typeof snapshot>[0], after: Parameters<typeof snapshot>[0]) =>
  ratesBetween(snapshot({ clockMs: 1000, ...before }), snapshot({ clockMs: 3000, ...after }));
const reasons = (map: ReadonlyMap<string, number> | undefined) => map && Object.fromEntries(map);

test('by cell, CPU and reason', () => {
  const found = rates(
    { cells: [cellSample({}, { 2: { vmexits_mmio: 10, vmexits_psci: 1 }, 3: { vmexits_mmio: 0, vmexits_psci: 1 } })] },
    { cells: [cellSample({}, { 2: { vmexits_mmio: 30, vmexits_psci: 1 }, 3: { vmexits_mmio: 1, vmexits_psci: 1 } })] },
  ).get(1);
  expect(reasons(found?.cpus.get(2))).toEqual({ vmexits_mmio: 10, vmexits_psci: 0 });
  expect(reasons(found?.cpus.get(3))).toEqual({ vmexits_mmio: 0.5, vmexits_psci: 0 });
  expect(reasons(found?.sum)).toEqual({ vmexits_mmio: 10.5, vmexits_psci: 0 });
});

test('a cell that was created anew under the same id counts from nothing', () => {
  const found = rates(
    { cells: [cellSample({}, { 3: { vmexits_mmio: 1000 } })] },
    { cells: [cellSample({}, { 3: { vmexits_mmio: 8 } })] },
  );
  expect(reasons(found.get(1)?.sum)).toEqual({ vmexits_mmio: 4 });
});

test('another cell under the same id, a cell that is new, and one without counters have no rates', () => {
  const counters = { 3: { vmexits_mmio: 8 } };
  const found = rates(
    { cells: [cellSample({}, counters), cellSample({ id: 3 })] },
    {
      cells: [
        cellSample({ name: 'other' }, counters),
        cellSample({ id: 2 }, counters),
        cellSample({ id: 3 }, counters),
      ],
    },
  );
  expect(found.size).toBe(0);
});

test('a CPU that came or went does not count in the sum', () => {
  const found = rates(
    { cells: [cellSample({}, { 0: { vmexits_mmio: 100 }, 1: { vmexits_mmio: 100 } })] },
    { cells: [cellSample({}, { 1: { vmexits_mmio: 104 }, 2: { vmexits_mmio: 900 } })] },
  ).get(1);
  expect(reasons(found?.sum)).toEqual({ vmexits_mmio: 2 });
  expect([...(found?.cpus.keys() ?? [])]).toEqual([1]);
});

test('sums alone: known while the CPUs stay', () => {
  const sums = (value: number, assignedCpus: number[]) => ({
    cells: [
      { ...cellSample({ assignedCpus }), counters: { sum: new Map([['vmexits_mmio', value]]), cpus: new Map() } },
    ],
  });
  expect(reasons(rates(sums(10, [0, 1]), sums(20, [0, 1])).get(1)?.sum)).toEqual({ vmexits_mmio: 5 });
  expect(rates(sums(10, [0, 1]), sums(6, [0])).size).toBe(0);
});

test('no time between two snapshots gives no rates', () => {
  const cells = [cellSample({}, { 3: { vmexits_mmio: 8 } })];
  expect(rates({ cells }, { cells, clockMs: 1000 }).size).toBe(0);
});
