import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as gicDemo from '../../cells/imx8mm-gic-demo';
import * as ivshmemDemo from '../../cells/imx8mm-ivshmem-demo';
import * as root from '../../cells/imx8mm';
import { encodeConfig } from '../../src/abi/jailhouse';
import { Jailhouse } from '../../src/jailhouse/jailhouse';
import { connectToBoard } from '../../src/kernel/emulated/start';
import { decodeJson, decodeLogPart, encodeLogRequest } from '../../src/wire/control';
import { EmulatedBoard } from '../support/emulated-board';
import type { CellConfig } from '../../src/abi/jailhouse';
import type { CellModule } from '../../src/config/builder';
import type { Connection } from '../../src/kernel/emulated/connection';
import type { BoardStatus } from '../../src/wire/control';

const ROUNDS = 1000;
const WARM_UP = 50;
/** JavaScript's heap breathes; one leaked core alone (its tables are a quarter of a MiB) would come to more. */
const MEMORY_GROWTH_LIMIT_KIB = 96 * 1024;

/** One runs until it has printed, the other one goes while it comes. */
const demos = [
  { ...demo(gicDemo), firstLine: 'Initializing the GIC' },
  { ...demo(ivshmemDemo), firstLine: undefined },
];
/** Both print to it. */
const UART = 'uart2';

const board = new EmulatedBoard();
let connection: Connection;
let jailhouse: Jailhouse;
let processId: number;

beforeAll(async () => {
  jailhouse = new Jailhouse(await board.openKernel());
  connection = (await connectToBoard('board')) as Connection;
  ({ processId } = decodeJson(await connection.request('boardStatus', [])) as BoardStatus);
});

afterAll(() => board.stop());

test(`${ROUNDS} cells come and go and leave nothing behind`, async () => {
  await jailhouse.enable(bytesOf(root));
  await playRounds(WARM_UP);
  const before = { pool: await jailhouse.status(), held: held(), memoryKib: memoryKib() };

  await playRounds(ROUNDS);

  expect(await jailhouse.status()).toEqual(before.pool);
  await untilHeld(before.held);
  expect(memoryKib() - before.memoryKib).toBeLessThan(MEMORY_GROWTH_LIMIT_KIB);
  expect(await jailhouse.cells()).toHaveLength(1);
}, 120_000);

async function playRounds(count: number): Promise<void> {
  let logEnd = (await readLog(0, false)).end;
  for (let round = 0; round < count; round++) {
    const { config, selector, image, firstLine } = demos[round % demos.length] as (typeof demos)[number];
    await jailhouse.createCell(config);
    await jailhouse.loadCell(selector, [{ source: image, targetAddress: 0n }]);
    await jailhouse.startCell(selector);
    if (firstLine !== undefined) logEnd = await untilPrinted(firstLine, logEnd);
    await jailhouse.destroyCell(selector);
  }
}

async function untilPrinted(text: string, from: number): Promise<number> {
  for (let log = '', at = from; ;) {
    const part = await readLog(at, true);
    log += Buffer.from(part.bytes).toString('latin1');
    at = part.end;
    if (log.includes(text)) return at;
  }
}

async function readLog(from: number, isFollowing: boolean) {
  const request = encodeLogRequest({ log: UART, from, isFollowing, sinceMs: 0 });
  return decodeLogPart(await connection.request('log', request));
}

/** What the board's process holds, as its kernel counts. */
function held() {
  const count = (kind: string) => readdirSync(`/proc/${processId}/${kind}`).length;
  return { descriptors: count('fd'), threads: count('task'), mappings: sharedMappings() };
}

function sharedMappings(): number {
  return readFileSync(`/proc/${processId}/maps`, 'latin1').match(/^\S+ ...s /gm)?.length ?? 0;
}

function memoryKib(): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${processId}/status`, 'latin1'))?.[1]);
}

/** Threads end some time after they were told to. */
async function untilHeld(expected: ReturnType<typeof held>): Promise<void> {
  const deadlineMs = Date.now() + 5000;
  while (Date.now() < deadlineMs && JSON.stringify(held()) !== JSON.stringify(expected)) await sleep(10);
  expect(held()).toEqual(expected);
}

function demo(module: CellModule & { readonly config: CellConfig }) {
  const { name } = module.config;
  const image = readFileSync(join(__dirname, `../../inmates/prebuilt/${name}.bin`));
  return { config: bytesOf(module), selector: { name }, image };
}

function bytesOf({ config, dialect }: CellModule): Uint8Array {
  return encodeConfig(config, dialect);
}
