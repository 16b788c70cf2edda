// Holds the core's floating point and Advanced SIMD against qemu-aarch64 (as a Cortex-A53), one instruction at a time:
//   probe GUEST [--count N (cases per group)] [--seed N] [--group NAME]
// Exit code 0: no difference; 1: differences, of which the first of each group are printed; 2: could not run.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "generate.h"
#include "reference.h"
#include "subject.h"

namespace cellvisor::probe {

namespace {

constexpr unsigned kReportedPerGroup = 5, kRemembered = 20000;

struct Options {
  const char* guest = nullptr;
  uint64_t count = 5000;
  uint64_t seed = 1;
  std::string group;
};

using Hex = unsigned long long;

void reportDifference(const char* what, Hex before, Hex core, Hex reference) {
  if (core != reference) std::printf("    %-6s before %016llx  core %016llx  qemu %016llx\n", what, before, core, reference);
}

bool same(const probe_state& a, const probe_state& b) {
  if (a.outcome != b.outcome || std::memcmp(a.x, b.x, sizeof a.x) != 0) return false;
  // What a faulting access did before its fault is not architectural.
  if (a.outcome == PROBE_FAULT) return true;
  return std::memcmp(&a, &b, sizeof a) == 0;
}

void report(const probe_case& before, const probe_state& core, const probe_state& reference) {
  std::printf("  %s: %08x  fpcr %08llx fpsr %08llx, rd %u rn %u rm %u\n", groups()[before.group].name, before.insn,
              static_cast<Hex>(before.state.fpcr), static_cast<Hex>(before.state.fpsr), before.insn & 31, before.insn >> 5 & 31,
              before.insn >> 16 & 31);
  for (const unsigned n : {before.insn >> 5 & 31, before.insn >> 16 & 31, before.insn >> 10 & 31}) {
    std::printf("    v%-2u %016llx %016llx\n", n, static_cast<Hex>(before.state.v[n][1]), static_cast<Hex>(before.state.v[n][0]));
  }
  const probe_state& s = before.state;
  char name[16];
  for (unsigned i = 0; i < 32; ++i) {
    std::snprintf(name, sizeof name, "x%u", i);
    reportDifference(name, s.x[i], core.x[i], reference.x[i]);
    std::snprintf(name, sizeof name, "v%u.d0", i);
    reportDifference(name, s.v[i][0], core.v[i][0], reference.v[i][0]);
    std::snprintf(name, sizeof name, "v%u.d1", i);
    reportDifference(name, s.v[i][1], core.v[i][1], reference.v[i][1]);
  }
  reportDifference("nzcv", s.nzcv, core.nzcv, reference.nzcv);
  reportDifference("fpcr", s.fpcr, core.fpcr, reference.fpcr);
  reportDifference("fpsr", s.fpsr, core.fpsr, reference.fpsr);
  reportDifference("ended", PROBE_DONE, core.outcome, reference.outcome);
  reportDifference("memory", 0, core.memory, reference.memory);
}

struct Tally {
  uint64_t cases = 0, allocated = 0, differences = 0;
};

void runBatch(Subject& subject, Reference& reference, Generator& generator, const std::vector<probe_case>& before, Tally& tally) {
  std::vector<probe_case> core = before, expected = before;
  const auto count = static_cast<uint32_t>(before.size());
  reference.send(before.data(), count);
  subject.run(core.data(), count);
  reference.receive(expected.data(), count);
  for (size_t i = 0; i < before.size(); ++i) {
    tally.cases++;
    if (expected[i].state.outcome == PROBE_DONE) {
      if (tally.allocated++ < kRemembered) generator.learn(before[i].insn);
    }
    if (same(core[i].state, expected[i].state)) continue;
    if (tally.differences++ < kReportedPerGroup) report(before[i], core[i].state, expected[i].state);
  }
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : nullptr;
    if (argument == "--count" && value) options.count = std::strtoull(value, nullptr, 0), ++i;
    else if (argument == "--seed" && value) options.seed = std::strtoull(value, nullptr, 0), ++i;
    else if (argument == "--group" && value) options.group = value, ++i;
    else options.guest = argv[i];
  }
  return options;
}

int run(const Options& options) {
  Subject subject;
  Reference reference(options.guest);
  Tally total;
  for (unsigned group = 0; group < groups().size(); ++group) {
    if (!options.group.empty() && options.group != groups()[group].name) continue;
    Generator generator(group, options.seed);
    Tally tally;
    for (uint64_t done = 0; done < options.count;) {
      std::vector<probe_case> batch(std::min<uint64_t>(PROBE_BATCH, options.count - done));
      for (unsigned slot = 0; slot < batch.size(); ++slot) generator.next(slot, batch[slot]);
      runBatch(subject, reference, generator, batch, tally);
      done += batch.size();
    }
    std::printf("%-26s %9llu cases, %9llu allocated, %6llu differ\n", groups()[group].name,
                static_cast<Hex>(tally.cases), static_cast<Hex>(tally.allocated), static_cast<Hex>(tally.differences));
    std::fflush(stdout);
    total.cases += tally.cases;
    total.differences += tally.differences;
  }
  std::printf("%llu cases, %llu differ (seed %llu)\n", static_cast<Hex>(total.cases), static_cast<Hex>(total.differences),
              static_cast<Hex>(options.seed));
  return total.differences == 0 && total.cases > 0 ? 0 : 1;
}

}  // namespace

}  // namespace cellvisor::probe

int main(int argc, char** argv) {
  using namespace cellvisor::probe;
  const Options options = parse(argc, argv);
  if (options.guest == nullptr) {
    std::fprintf(stderr, "usage: probe GUEST [--count N] [--seed N] [--group NAME]\n");
    return 2;
  }
  try {
    return run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fpsimd probe: %s\n", error.what());
    return 2;
  }
}
