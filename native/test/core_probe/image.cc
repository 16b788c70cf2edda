#include "image.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <memory>
#include <thread>
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

/** Fills RAM and checks the size; false with a line on stderr. */
bool loadImage(const char* path, FlatEnvironment& world) {
  std::vector<uint8_t> image;
  if (!readFile(path, image) || image.empty() || image.size() > kRamAddress + kRamBytes - kImageAddress) {
    std::fprintf(stderr, "probe: cannot read %s\n", path);
    return false;
  }
  world.addRam(kRamAddress, kRamBytes);
  world.addRam(FlatEnvironment::kReadOnlyPage, FlatEnvironment::kPage);
  world.write(kImageAddress, image.data(), image.size());
  return true;
}

bool passed(Cpu::Stop stop, const FlatEnvironment& world) {
  return stop == Cpu::Stop::kParked && world.ending.kind == FlatEnvironment::Ending::Kind::kHypercall &&
         world.ending.number == 0;
}

void report(const char* path, const Cpu& cpu, Cpu::Stop stop, const FlatEnvironment& world) {
  const auto& system = cpu.systemRegisters();
  if (world.ending.kind == FlatEnvironment::Ending::Kind::kHypercall && world.ending.number == 1) {
    std::fprintf(stderr, "%s: check %#" PRIx64 " failed: expected %#" PRIx64 ", found %#" PRIx64, path,
                 cpu.state().x[3], cpu.state().x[4], cpu.state().x[5]);
  } else {
    std::fprintf(stderr, "%s: stop %d, ending %d %#" PRIx64 " %s", path, static_cast<int>(stop),
                 static_cast<int>(world.ending.kind), world.ending.number, world.ending.what);
  }
  std::fprintf(stderr, " at %#" PRIx64 ", ESR_EL1 %#" PRIx64 " FAR_EL1 %#" PRIx64 " ELR_EL1 %#" PRIx64 "\n", cpu.pc(),
               system.esr, system.far, system.elr);
}

}  // namespace

int runImage(const char* path, uint64_t slice) {
  FlatEnvironment world;
  if (!loadImage(path, world)) return 2;
  Cpu cpu({}, world);
  world.attach(cpu);
  world.console = stdout;
  world.interruptOnWait = true;
  machine::ResetState reset;
  reset.entry = kImageAddress;
  cpu.reset(reset);
  Cpu::Stop stop;
  do {
    stop = cpu.run(std::min(slice, kMaxInstructions - cpu.instructionCount()));
  } while (stop == Cpu::Stop::kBudget && cpu.instructionCount() < kMaxInstructions);
  std::printf("%" PRIu64 " instructions\n", cpu.instructionCount());
  std::fflush(stdout);
  if (passed(stop, world)) return 0;
  report(path, cpu, stop, world);
  return 1;
}

int runImageOnThreads(const char* path, unsigned cpuCount) {
  FlatEnvironment ram;
  if (!loadImage(path, ram)) return 2;
  struct Node {
    std::unique_ptr<FlatEnvironment> world;
    std::unique_ptr<Cpu> cpu;
    Cpu::Stop stop = Cpu::Stop::kBudget;
  };
  std::vector<Node> nodes(cpuCount);
  std::vector<Cpu*> peers;
  for (unsigned n = 0; n < cpuCount; n++) {
    machine::CpuIdentity identity;
    identity.mpidr += n;
    nodes[n].world = FlatEnvironment::sharing(ram);
    nodes[n].cpu = std::make_unique<Cpu>(identity, *nodes[n].world);
    machine::ResetState reset;
    reset.entry = kImageAddress;
    reset.context = cpuCount;
    nodes[n].cpu->reset(reset);
    nodes[n].cpu->state().x[0] = n;
    peers.push_back(nodes[n].cpu.get());
  }
  for (Node& node : nodes) node.world->setPeers(peers);
  std::vector<std::thread> threads;
  for (Node& node : nodes) {
    threads.emplace_back([&node] { node.stop = node.cpu->run(100 * kMaxInstructions); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Node& node : nodes) {
    if (passed(node.stop, *node.world)) continue;
    report(path, *node.cpu, node.stop, *node.world);
    return 1;
  }
  std::printf("ok\n");
  return 0;
}

}  // namespace cellvisor::probe
