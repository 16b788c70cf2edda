'use strict';

/** Before all tests: the board runs, with our programs in its dom0, or `CELLVISOR_XEN_SKIPPED` says why there is none. */
module.exports = async function boot() {
  const { install, whyNot } = await import('./install.mjs');
  const reason = whyNot();
  if (reason === undefined) globalThis.hasBootedXenBoard = await install();
  else {
    process.env.CELLVISOR_XEN_SKIPPED = reason;
    console.log(`\ntests on a real Xen: skipped, ${reason}`);
  }
};
