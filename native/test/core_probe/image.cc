#include "image.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <vector>

#include "flat_environment.h"

namespace cellvisor::probe {
namespace {

constexpr uint64_t kMaxInstructions = 100000000;

bool readFile(const char* path, std::vector<uint8_t>& bytes) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path, "rb"), std::fclose);
  if (!file) return false;
  uint8_t buffer[65536];
  for (size_t got; (got = std::fread(buffer, 1, sizeof buffer, file.get())) > 0;) bytes.insert(bytes.end(), buffer, buffer + got);
  return true;
}

}  // namespace

int runImage(const char* path, uint64_t slice) {
  std::vector<uint8_t> image;
  if (!readFile(path, image) || image.empty() || image.size() > kRamAddress + kRamBytes - kImageAddress) {
    std::fprintf(stderr, "probe: cannot read %s\n", path);
    return 2;
  }
  FlatEnvironment world;
  Cpu cpu({}, world);
  world.attach(cpu);
  world.console = stdout;
  world.interruptOnWait = true;
  world.addRam(kRamAddress, kRamBytes);
  world.addRam(FlatEnvironment::kReadOnlyPage, FlatEnvironment::kPage);
  world.write(kImageAddress, image.data(), image.size());
  machine::ResetState reset;
  reset.entry = kImageAddress;
  cpu.reset(reset);
  Cpu::Stop stop;
  do {
    stop = cpu.run(std::min(slice, kMaxInstructions - cpu.instructionCount()));
  } while (stop == Cpu::Stop::kBudget && cpu.instructionCount() < kMaxInstructions);
  std::printf("%" PRIu64 " instructions\n", cpu.instructionCount());
  std::fflush(stdout);

  using Kind = FlatEnvironment::Ending::Kind;
  if (stop == Cpu::Stop::kParked && world.ending.kind == Kind::kHypercall && world.ending.number == 0) return 0;
  const auto& system = cpu.systemRegisters();
  if (world.ending.kind == Kind::kHypercall && world.ending.number == 1) {
    std::fprintf(stderr, "%s: check %#" PRIx64 " failed: expected %#" PRIx64 ", found %#" PRIx64, path,
                 cpu.state().x[3], cpu.state().x[4], cpu.state().x[5]);
  } else {
    std::fprintf(stderr, "%s: stop %d, ending %d %#" PRIx64 " %s", path, static_cast<int>(stop),
                 static_cast<int>(world.ending.kind), world.ending.number, world.ending.what);
  }
  std::fprintf(stderr, " at %#" PRIx64 ", ESR_EL1 %#" PRIx64 " FAR_EL1 %#" PRIx64 " ELR_EL1 %#" PRIx64 "\n", cpu.pc(),
               system.esr, system.far, system.elr);
  return 1;
}

}  // namespace cellvisor::probe
