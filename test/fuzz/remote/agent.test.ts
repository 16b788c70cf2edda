import { PassThrough } from 'node:stream';
import { serveKernel } from '../../../src/kernel/remote/agent';
import { FakeKernel } from '../../support/fake-kernel';
import { randomNumbers } from '../../support/random-numbers';

/** Conversations to try: more by CELLVISOR_FUZZ_ROUNDS; another sequence by CELLVISOR_FUZZ_SEED. */
const ROUNDS = Number(process.env['CELLVISOR_FUZZ_ROUNDS'] ?? 400);
const SEED = Number(process.env['CELLVISOR_FUZZ_SEED'] ?? 1);
jest.setTimeout(60_000 + ROUNDS * 10);

type Random = (below: number) => number;
const pick = <T>(items: readonly T[], random: Random): T => items[random(items.length)] as T;

const METHODS = [
  ...['ping', 'open', 'close', 'ioctl', 'read', 'mapRegisters', 'readRegister', 'writeRegister', 'unmapRegisters'],
  ...['readFile', 'readFiles', 'readDirectory', 'stat', 'hello', '$/cancelRequest', '__proto__', 'constructor', ''],
];
const VALUES: readonly unknown[] = [
  ...[
    0,
    1,
    2,
    -1,
    1.5,
    4096,
    2 ** 31,
    2 ** 53,
    1e300,
    null,
    true,
    '',
    'x',
    '*',
    '=',
    'AAAA',
    '/dev/jailhouse',
    '/sys/a',
  ],
  ...['read', 'read-write', '/a\0', [], [1], ['/sys/a'], {}, { bytes: 'AAAAAAAAAAA=', references: [] }],
  { bytes: 'AAAAAAAAAAA=', references: [{ offset: 0, buffer: 'AAAA' }] },
  { bytes: '', references: [{ offset: 0, buffer: '' }] },
  { bytes: 'AAAA', references: {} },
];
const NAMES = [
  ...['path', 'paths', 'access', 'nonBlocking', 'file', 'window', 'offset', 'lengthBytes', 'request', 'argument'],
  ...['value', 'id', '__proto__'],
];

function line(random: Random, id: number): string {
  const parameters = Object.fromEntries(
    NAMES.filter(() => random(2) === 0).map((name) => [name, pick(VALUES, random)]),
  );
  const message: Record<string, unknown> = {
    jsonrpc: '2.0',
    id: random(60) === 0 ? pick(VALUES, random) : id,
    method: random(80) === 0 ? pick(VALUES, random) : pick(METHODS, random),
    params: random(10) === 0 ? pick(VALUES, random) : parameters,
  };
  if (random(20) === 0) delete message['id'];
  const text = JSON.stringify(message);
  if (random(80) > 0) return `${text}\n`;
  const at = random(text.length);
  return text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + random(4)) + '\n';
}

test(`${ROUNDS} conversations end with an answer to each request or with a reason (seed ${SEED})`, async () => {
  const random = randomNumbers(SEED);
  let answers = 0;
  let refusals = 0;
  let reasons = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const kernel = new FakeKernel(
      { '/sys/a': 'text' },
      { '/dev/jailhouse': { ioctl: () => 0, reads: ['bytes', 'EAGAIN'], registers: { 0: 1 } } },
    );
    let isClosed = false;
    kernel.close = async () => void (isClosed = true);
    const input = new PassThrough();
    const output = new PassThrough();
    let written = '';
    output.on('data', (piece: Buffer) => (written += piece.toString()));
    const serving = serveKernel(kernel, { input, output, version: '0', userId: 0, maxLineBytes: 5000 });
    const text = Array.from({ length: 1 + random(20) }, (_, index) => line(random, index + 1)).join('');
    // In pieces of any size, which is how pipes deliver.
    for (let at = 0; at < text.length;) {
      const size = 1 + random(200);
      input.write(text.slice(at, at + size));
      at += size;
      if (random(4) === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    if (random(10) === 0) input.write('x'.repeat(6000));
    // A last one that is answered: then so were those before it, unless the connection has ended.
    const last = new Promise((resolve) =>
      output.on('data', () => written.includes('"id":"last"') && resolve(undefined)),
    );
    input.write('{"jsonrpc":"2.0","id":"last","method":"ping","params":{}}\n');
    await Promise.race([last, serving]);
    input.end();
    const reason = await serving;
    expect(isClosed).toBe(true);
    if (reason !== undefined) {
      expect(reason).toMatch(/^(not a message: |a line is too long$)/);
      reasons++;
    }
    // Nothing but messages.
    const messages = written
      .split('\n')
      .slice(0, -1)
      .map((one) => JSON.parse(one) as { error?: object; result?: unknown });
    answers += messages.filter((one) => 'result' in one).length;
    refusals += messages.filter(({ error }) => error).length;
    // What was made of nonsense never reached the kernel.
    for (const { path } of kernel.opened) expect(path).toMatch(/^\/[^\0]*$/);
    for (const { argument } of kernel.requests) {
      for (const { offset } of argument?.references ?? [])
        expect(offset + 8).toBeLessThanOrEqual(argument?.bytes.length ?? 0);
    }
  }
  expect(answers).toBeGreaterThan(ROUNDS);
  expect(refusals).toBeGreaterThan(ROUNDS);
  expect(reasons).toBeGreaterThan(ROUNDS / 20);
});
