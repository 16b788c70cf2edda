const common = require('../../jest.config.js');

/** npm run test:xen: the board is booted once, for all of these files, which take turns on it. */
module.exports = {
  ...common,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/xen/**/*.xen.ts'],
  globalSetup: '<rootDir>/test/xen/rig/boot.js',
  globalTeardown: '<rootDir>/test/xen/rig/leave.js',
  testTimeout: 300_000,
  maxWorkers: 1,
};
