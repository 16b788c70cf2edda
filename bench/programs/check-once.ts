// Child process of the checker benchmark: checks a system config with a cell once, and prints how long that took.
import { readFileSync } from 'node:fs';
import { decodeConfig } from '../../src/abi/jailhouse/config/decode';
import { checkConfigs } from '../../src/config/check/check';

const [system, cell] = process.argv.slice(2).map((path) => decodeConfig(readFileSync(path)));
if (system?.kind !== 'system' || cell?.kind !== 'cell') throw new Error('a system config and a cell config are needed');
const startedMs = performance.now();
const findings = checkConfigs({ system, cells: [{ ...cell, isRoot: false }] });
const checkedMs = performance.now() - startedMs;
if (findings.length > 0) throw new Error('these configs were clean');
console.log(JSON.stringify({ checkedMs }));
