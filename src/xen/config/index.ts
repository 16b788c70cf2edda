/** Domain configurations: the files of `xl create`. `docs/xl-cfg.md` lists the keys. */
export { readDomainConfig } from './read';
export { XlConfigError } from './xl-config-error';
export type { XlConfigErrorCode } from './xl-config-error';
export { END_ACTIONS } from './domain-config';
export type { DomainConfig, EndAction, EndActions, PassthroughMode, VcpuMasks } from './domain-config';
export { needsTopology, parseCpuMask, resolveCpuMask } from './cpu-mask';
export type { CpuMask, CpuTopology } from './cpu-mask';
export { parseDiskSpec } from './disk-spec';
export type { DiskSpec } from './disk-spec';
export { parseVifSpec } from './vif-spec';
export type { VifSpec } from './vif-spec';
export type { Vi2cSpec } from './vi2c-spec';
export type { IoMemory } from './passthrough';
export { generateMac, generateUuid } from './identity';
export { fromLibxlJson } from './from-libxl-json';
export { printLibxlJson, toLibxlJson, vcpuMasks } from './libxl-json';
export { CONFIG_KEYS } from './keys';
