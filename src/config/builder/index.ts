/** Writes cell configs as TypeScript: see the files in cells/. */
export * from './cell';
export * from './console';
export * from './cell-module';
export * from './compile';
export * from './for-dialect';
export * from './interrupt';
export * from './ivshmem';
export * from './memory';
export { recordOrigins } from './origin';
export * from './system';
export { GiB, KiB, MiB } from './value';
export type { Quantity } from './value';
