#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "image.h"
#include "job.h"

// The A64 core by itself: jobs for differential tests (format.md), assembled images, benchmarks.

int main(int argc, char** argv) {
  using namespace cellvisor::probe;
  if (argc == 2 && std::strcmp(argv[1], "--jobs") == 0) return runJobs(stdin, stdout);
  if (argc == 2 && std::strcmp(argv[1], "--bench") == 0) return runBenchmarks();
  if ((argc == 3 || argc == 4) && std::strcmp(argv[1], "--run") == 0) {
    return runImage(argv[2], argc == 4 ? std::strtoull(argv[3], nullptr, 0) : UINT64_MAX);
  }
  if (argc == 4 && std::strcmp(argv[1], "--threads") == 0) {
    return runImageOnThreads(argv[3], static_cast<unsigned>(std::strtoul(argv[2], nullptr, 0)));
  }
  std::fprintf(stderr, "usage: probe --jobs < jobs > results | --run IMAGE [SLICE] | --threads COUNT IMAGE | --bench\n");
  return 2;
}
