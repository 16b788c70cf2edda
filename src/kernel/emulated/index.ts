/** What an emulated board is reached with: a file of its own, so that a program on a real board starts without reading it. */
export { EmulatedKernel } from './kernel';
export { connectOrStart } from './start';
