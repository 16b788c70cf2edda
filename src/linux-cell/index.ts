/** Linux in a cell other than the root cell. */
export { bootLinux } from './boot';
export type { LinuxBoot } from './boot';
export { readArm64Kernel } from './kernel';
export { LinuxCellError } from './linux-error';
export type { LinuxCellErrorCode } from './linux-error';
export type { Placement } from './placement';
export { imagesOf, planLinux } from './plan';
export type { LinuxPlan, LinuxRequest } from './plan';
export { makeLinuxTree } from './tree/make';
export type { MadeTree } from './tree/make';
