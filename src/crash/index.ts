/** Reading what the hypervisor prints when it parks a CPU. */
export { parseCrashLog } from './log/parse';
export { codeAddresses, explainCrash } from './explain/explain';
export { readElf } from './program/elf';
export { imageProgram } from './program/program';
export { findSourceLines } from './program/source-lines';
export { EMPTY_WORLD } from './place/world';
export type { CrashDump } from './dump';
export type { CrashExplanation, Knowledge } from './explain/explanation';
export type { Program } from './program/program';
export type { World } from './place/world';
