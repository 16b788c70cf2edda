#pragma once

#include <cstdio>

namespace cellvisor::probe {

/** Runs jobs (format.md) from `input` until it ends. Exit code: 0, or 2 with a line on stderr for a malformed job. */
int runJobs(std::FILE* input, std::FILE* output);

}  // namespace cellvisor::probe
