/** The library: what a program imports from `cellvisor`. */
export { CellvisorError, ConfigError, KernelError } from './errors';
export type { ErrnoName } from './errno';
export { openKernel } from './kernel/choose';
export type { KernelChoice } from './kernel/choose';
export type { Kernel, KernelFile, RegisterWindow, SharedMemory } from './kernel/kernel';
export { Jailhouse } from './jailhouse/jailhouse';
export type { CellStats, JailhouseOptions } from './jailhouse/jailhouse';
export type { Cell } from './jailhouse/cell';
export type { ConsoleOptions } from './jailhouse/console';
export type { ConfigFile, FindCellConfigs } from './jailhouse/explain/refusal';
export type { Counters } from './jailhouse/stats';
export type { PagePool, Status } from './jailhouse/status';
export type { CellSelector, PreloadImage } from './abi/jailhouse/ioctls';
export { UioDevice } from './uio/uio-device';
export type { Section } from './uio/uio-device';
export { uioDevices } from './uio/attributes';
export type { UioAttributes, UioMap } from './uio/attributes';
export * as fdt from './fdt';
