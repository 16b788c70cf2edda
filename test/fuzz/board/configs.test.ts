/**
 * Damaged configs against a whole board with the native machine: each call ends with success or an errno, soon, and leaves
 * the board as it was. What was created is loaded and started too, and then destroyed.
 */
import {
  encodeCellCreate,
  encodeCellId,
  encodeCellLoad,
  encodeConfig,
  JAILHOUSE_CELL_CREATE,
  JAILHOUSE_CELL_DESTROY,
  JAILHOUSE_CELL_LOAD,
  JAILHOUSE_CELL_START,
  JAILHOUSE_DISABLE,
  JAILHOUSE_ENABLE,
} from '../../../src/abi/jailhouse';
import { Board } from '../../../src/board/board';
import { KernelError } from '../../../src/errors';
import { machineConstructor } from '../../../src/native/machine';
import { randomNumbers } from '../../support/random-numbers';
import { imx8mq, imx8mqGicDemo, imx8mqIvshmemDemo, imx8mqVeth } from '../../unit/board/configs';
import type { UserArgument } from '../../../src/board/syscalls';

const ROUNDS = Number(process.env['CELLVISOR_FUZZ_ROUNDS'] ?? 400);
const SEED = Number(process.env['CELLVISOR_FUZZ_SEED'] ?? 20_260_301);
/** Signature and revision come first: without them the driver looks no further. */
const FIRST_DAMAGED_BYTE = 8;
const INTERESTING = [0x00, 0x01, 0x7f, 0x80, 0xff];
/** An inmate that never answers keeps a call waiting for ever: an impatient person ends it. */
const PATIENCE_MS = 100;
/** What a call may take of the event loop, with much room for a busy machine. */
const LIMIT_MS = 2000;
/** wfi; b . */
const IMAGE = Uint8Array.of(0x7f, 0x20, 0x03, 0xd5, 0x00, 0x00, 0x00, 0x14);

const random = randomNumbers(SEED);

function damaged(config: Uint8Array): Uint8Array {
  const copy = config.slice();
  for (let changes = 1 + random(4); changes > 0; changes--) {
    const at = FIRST_DAMAGED_BYTE + random(copy.length - FIRST_DAMAGED_BYTE);
    const ways = [INTERESTING[random(INTERESTING.length)], random(256), (copy[at] as number) ^ (1 << random(8))];
    copy[at] = ways[random(ways.length)] as number;
  }
  return copy;
}

function powerOn() {
  const board = new Board({ board: 'imx8mq-evk', Machine: machineConstructor() });
  const file = board.open('/dev/jailhouse', { access: 'read-write', nonBlocking: false });
  /** Whether the call succeeded. Anything but an errno fails the test. */
  const call = async (request: number, argument: UserArgument | undefined): Promise<boolean> => {
    const start = performance.now();
    try {
      await file.ioctl(request, argument, AbortSignal.timeout(PATIENCE_MS));
      return true;
    } catch (error) {
      if (!(error instanceof KernelError)) throw error;
      return false;
    } finally {
      expect(performance.now() - start).toBeLessThan(LIMIT_MS);
    }
  };
  const text = (path: string) => new TextDecoder().decode(board.readFile(path));
  return { board, call, text };
}

test(`${ROUNDS} damaged system configs (seed ${SEED})`, async () => {
  const { board, call, text } = powerOn();
  const systems = [imx8mq, imx8mqVeth].map((system) => encodeConfig(system, 'nxp-10'));
  let enabled = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = damaged(systems[round % 2] as Uint8Array);
    if (await call(JAILHOUSE_ENABLE, { bytes, references: [] })) {
      enabled++;
      expect(await call(JAILHOUSE_DISABLE, undefined)).toBe(true);
    }
    expect(board.cells()).toEqual([]);
  }
  expect(enabled).toBeGreaterThan(ROUNDS / 10);
  expect(enabled).toBeLessThan(ROUNDS);
  expect(text('/sys/devices/system/cpu/online')).toBe('0-3\n');
  board.close();
});

test(`${ROUNDS} damaged cell configs (seed ${SEED})`, async () => {
  const { board, call, text } = powerOn();
  expect(await call(JAILHOUSE_ENABLE, { bytes: encodeConfig(imx8mq, 'nxp-10'), references: [] })).toBe(true);
  const cells = [imx8mqGicDemo, imx8mqIvshmemDemo].map((cell) => encodeConfig(cell, 'nxp-10'));
  const resources = board.machine.resources();
  let created = 0;
  for (let round = 0; round < ROUNDS; round++) {
    if (!(await call(JAILHOUSE_CELL_CREATE, encodeCellCreate(damaged(cells[round % 2] as Uint8Array))))) continue;
    created++;
    await call(JAILHOUSE_CELL_LOAD, encodeCellLoad({ id: 1 }, [{ source: IMAGE, targetAddress: 0n }]));
    await call(JAILHOUSE_CELL_START, encodeCellId({ id: 1 }));
    if (!(await call(JAILHOUSE_CELL_DESTROY, encodeCellId({ id: 1 })))) {
      // The damage made it a cell that is asked first, and the inmate does not answer: say that it has shut down.
      board.machine.writeCommWord(1, 8, 2);
      expect(await call(JAILHOUSE_CELL_DESTROY, encodeCellId({ id: 1 }))).toBe(true);
    }
    expect(board.cells()).toHaveLength(1);
  }
  expect(created).toBeGreaterThan(ROUNDS / 10);
  expect(created).toBeLessThan(ROUNDS);
  expect(text('/sys/devices/system/cpu/online')).toBe('0-3\n');
  // 61 after enabling; what cells take of the root cell's blocks splits some of those for good.
  expect(Number(text('/sys/devices/jailhouse/mem_pool_used'))).toBeLessThan(61 + 40);
  expect(board.machine.resources()).toEqual(resources);
  expect(await call(JAILHOUSE_DISABLE, undefined)).toBe(true);
  board.close();
});
