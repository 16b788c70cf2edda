'use strict';

const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/** Tests that start processes start what the sources say now, not what was built some time ago. */
module.exports = function buildPrograms() {
  const program = join(__dirname, '../../scripts/build.mjs');
  execFileSync(process.execPath, [program, '--bundles'], { stdio: ['ignore', 'ignore', 'inherit'] });
};
