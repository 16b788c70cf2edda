import * as abi from '../../../src/abi/xenstore';
import { randomNumbers } from '../../support/random-numbers';

const subjects: Record<string, [Uint8Array, (payload: Uint8Array) => unknown]> = {
  texts: [abi.encodeTexts('a', 'bc'), abi.decodeTexts],
  text: [abi.encodeTexts('/local/domain/3'), abi.decodeText],
  write: [abi.encodeWrite('/a', 'b'), abi.decodeWrite],
  transaction: [abi.encodeTexts('123'), abi.decodeTransactionId],
  truth: [abi.encodeTexts('T'), abi.decodeTruth],
  event: [abi.encodeTexts('/a', 'token'), abi.decodeWatchEvent],
  part: [abi.encodeTexts('12', 'a', 'b', ''), abi.decodeDirectoryPart],
  permissions: [abi.encodeTexts('n0', 'r12'), (payload) => abi.decodePermissions(abi.decodeTexts(payload))],
  errno: [abi.encodeTexts('ENOENT'), abi.decodeErrno],
};

test.each(Object.keys(subjects))('%s: mutations are decoded or refused as protocol errors', (name) => {
  const [valid, decode] = subjects[name] as [Uint8Array, (payload: Uint8Array) => unknown];
  const random = randomNumbers(name.length * 7919);
  let refused = 0;
  for (let round = 0; round < 5000; round++) {
    const payload = valid.slice(0, random(4) === 0 ? random(valid.length + 1) : valid.length);
    for (let flips = random(4); flips > 0 && payload.length > 0; flips--) payload[random(payload.length)] = random(256);
    try {
      decode(payload);
    } catch (error) {
      refused++;
      if (!(error instanceof abi.XenstoreProtocolError)) throw error;
    }
  }
  expect(refused).toBeGreaterThan(0);
});

test('a stream of noise gives messages within the limit, or ends as a protocol error; its buffer stays small', () => {
  const random = randomNumbers(1);
  let messages = 0;
  let refusals = 0;
  for (let round = 0; round < 500; round++) {
    const decoder = new abi.MessageDecoder();
    try {
      for (let chunk = 0; chunk < 20; chunk++) {
        // Mostly zeros: lengths that are valid come up, and messages behind them.
        const bytes = Uint8Array.from({ length: random(64) }, () => (random(8) === 0 ? random(256) : 0));
        for (const { payload } of decoder.push(bytes)) {
          messages++;
          expect(payload.length).toBeLessThanOrEqual(abi.MAX_PAYLOAD_BYTES);
        }
      }
    } catch (error) {
      refusals++;
      if (!(error instanceof abi.XenstoreProtocolError)) throw error;
    }
  }
  expect(messages).toBeGreaterThan(0);
  expect(refusals).toBeGreaterThan(0);
});
