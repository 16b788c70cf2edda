'use strict';

/** Ends a run with one line that scripts can read: "N passed, N failed, N skipped". */
class ClosingLine {
  onRunComplete(_contexts, results) {
    // A suite that failed to start ran no test of its own, and must not pass unseen.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const tail = skipped > 0 ? `, ${skipped} skipped` : '';
    process.stdout.write(`\n${results.numPassedTests} passed, ${failed} failed${tail}\n`);
  }
}

module.exports = ClosingLine;
