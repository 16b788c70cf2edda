// Child process of the checker benchmark: compares two configs once, and prints how long that took.
import { readFileSync } from 'node:fs';
import { decodeConfig } from '../../src/abi/jailhouse/config/decode';
import { diffDecoded } from '../../src/config/diff/diff';

const [a, b] = process.argv.slice(2).map((path) => decodeConfig(readFileSync(path)));
if (!a || !b) throw new Error('two configs are needed');
const startedMs = performance.now();
const differences = diffDecoded(a, b);
const comparedMs = performance.now() - startedMs;
if (differences.length === 0) throw new Error('these configs were different');
console.log(JSON.stringify({ comparedMs }));
