import { KernelError } from '../../../src/errors';
import { eventInWords } from '../../../src/watch/event-words';
import { EventDetector } from '../../../src/watch/events';
import { cellSample, snapshot } from '../../support/snapshots';
import type { BoardSnapshot } from '../../../src/watch/snapshot';

const root = cellSample({ id: 0, name: 'imx8mm', assignedCpus: [0, 1, 2] });
const closed = () => {
  const { status } = snapshot();
  return snapshot({ status: status && { ...status, enabled: false } });
};

/** What happens with each of these samples, in short. */
function happenings(...samples: BoardSnapshot[]): string[][] {
  const detector = new EventDetector();
  return samples.map((sample) =>
    detector
      .next(sample)
      .map((event) =>
        [
          event.type,
          ...('cell' in event ? [event.cell.name] : []),
          ...('cpu' in event ? [event.cpu] : []),
          ...('to' in event ? [event.from, event.to] : []),
        ].join(' '),
      ),
  );
}

test('the first sample is what everything is compared with', () => {
  expect(happenings(snapshot({ cells: [root] }), snapshot({ cells: [root] }))).toEqual([[], []]);
});

test('the life of a cell', () => {
  expect(
    happenings(
      snapshot({ cells: [root] }),
      snapshot({ cells: [root, cellSample({ state: 'shut down' })] }),
      snapshot({ cells: [root, cellSample()] }),
      snapshot({ cells: [root, cellSample({ state: 'failed', failedCpus: [3] })] }),
      snapshot({ cells: [root] }),
    ),
  ).toEqual([
    [],
    ['cell-appeared demo'],
    ['state-changed demo shut down running'],
    ['cpu-failed demo 3', 'state-changed demo running failed'],
    ['cell-gone demo'],
  ]);
});

test('enable, disable, driver unloaded and loaded: cells go first and come last', () => {
  expect(
    happenings(
      closed(),
      snapshot({ cells: [root] }),
      snapshot({ driver: 'absent', status: undefined }),
      closed(),
      snapshot({ cells: [root] }),
      closed(),
    ),
  ).toEqual([
    [],
    ['hypervisor-enabled', 'cell-appeared imx8mm'],
    ['cell-gone imx8mm', 'hypervisor-closed', 'driver-gone'],
    ['driver-back'],
    ['hypervisor-enabled', 'cell-appeared imx8mm'],
    ['cell-gone imx8mm', 'hypervisor-closed'],
  ]);
});

test('another cell under the same id', () => {
  expect(happenings(snapshot({ cells: [cellSample()] }), snapshot({ cells: [cellSample({ name: 'b' })] }))).toEqual([
    [],
    ['cell-gone demo', 'cell-appeared b'],
  ]);
});

test('a cell that cannot be read is not gone', () => {
  const failures = [{ cell: { id: 1, name: undefined }, error: new KernelError('opening', 'EIO') }];
  expect(
    happenings(
      snapshot({ cells: [cellSample()] }),
      snapshot({ failures }),
      snapshot({ cells: [cellSample({ state: 'failed' })] }),
    ),
  ).toEqual([[], [], ['state-changed demo running failed']]);
});

test('events have the time of their sample', () => {
  const detector = new EventDetector();
  detector.next(snapshot());
  expect(detector.next(snapshot({ takenAtMs: 7, cells: [root] }))).toEqual([
    { atMs: 7, type: 'cell-appeared', cell: root.cell },
  ]);
});

test('each event in words', () => {
  const { cell } = cellSample({ state: 'shut down', assignedCpus: [2, 3] });
  const words = (
    [
      { type: 'driver-gone' },
      { type: 'driver-back' },
      { type: 'hypervisor-enabled' },
      { type: 'hypervisor-closed' },
      { type: 'cell-appeared', cell },
      { type: 'state-changed', cell, from: 'shut down', to: 'running' },
      { type: 'cpu-failed', cell, cpu: 3 },
      { type: 'cell-gone', cell },
    ] as const
  ).map((event) => eventInWords({ atMs: 0, ...event }));
  expect(words).toEqual([
    'the driver was unloaded',
    'the driver was loaded',
    'Jailhouse was enabled',
    'Jailhouse was disabled',
    'cell 1 demo appeared: shut down, CPUs 2-3',
    'cell 1 demo: shut down -> running',
    'cell 1 demo: CPU 3 FAILED',
    'cell 1 demo is gone',
  ]);
});
