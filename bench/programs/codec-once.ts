// Child process of the codec benchmark: decodes and encodes a config once, and prints how long each took.
import { readFileSync } from 'node:fs';
import { decodeConfig } from '../../src/abi/jailhouse/config/decode';
import { encodeConfig } from '../../src/abi/jailhouse/config/encode';

const bytes = readFileSync(process.argv[2] ?? '');
const startedMs = performance.now();
const { config, dialect } = decodeConfig(bytes);
const decodedMs = performance.now();
const again = encodeConfig(config, dialect);
const encodedMs = performance.now();
if (Buffer.compare(again, bytes) !== 0) throw new Error('the config is not the same after decoding and encoding');
console.log(JSON.stringify({ decodeMs: decodedMs - startedMs, encodeMs: encodedMs - decodedMs }));
