import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BridgedBoard } from '../support/bridge';

/**
 * hardware.test.ts in a process of its own under the bridge: our hardware backend makes real system calls, and an emulated
 * board answers them.
 */
const root = join(__dirname, '../..');

interface JestReport {
  readonly numPassedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const board = new BridgedBoard();
afterAll(() => board.remove());

test('the contract of hardware.test.ts, through the bridge', async () => {
  const report = join(board.processes.folder, 'report.json');
  const jest = [
    join(root, 'node_modules/jest/bin/jest.js'),
    'test/contract/hardware.test.ts',
    '--runInBand',
    '--globalSetup=',
    '--json',
    `--outputFile=${report}`,
  ];
  const { code } = await board.run([process.execPath, ...jest], { env: { CELLVISOR_TEST_BOARD: 'imx8mm' } });
  const { numPassedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
  expect(testResults.map(({ message }) => message).join('')).toBe('');
  expect({ code, numPendingTests }).toEqual({ code: 0, numPendingTests: 0 });
  const names = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ fullName }) => fullName));
  expect(names).toContain(
    'ivshmem contract: hardware with the demo at the other end doorbells go to and fro, and the memory counts them',
  );
  expect(numPassedTests).toBe(names.length);
}, 60_000);
