'use strict';

/** After all tests: a board that was booted for them ends, another is left as it was. */
module.exports = async function leave() {
  const { stop } = await import('./install.mjs');
  if (globalThis.hasBootedXenBoard) await stop();
};
