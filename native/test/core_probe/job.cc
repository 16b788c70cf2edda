#include "job.h"

#include <cstring>
#include <string>
#include <vector>

#include "flat_environment.h"

namespace cellvisor::probe {
namespace {

using machine::kStackPointer;
using machine::SystemRegisters;

constexpr uint32_t kJobMagic = 0x424f4a43, kResultMagic = 0x53455243;
constexpr uint32_t kMaxCodeBytes = 1 << 20, kMaxRegions = 64;
constexpr uint64_t kMaxRegionBytes = 64 << 20, kAddressEnd = uint64_t{1} << 38;

/** Beyond what jobs may use: the translation table and the vectors, for EL1 only. */
constexpr uint64_t kTableAddress = 0x7fc0000000, kVectorAddress = kTableAddress + 0x1000;
constexpr uint32_t kHvc = 0xd4000002;

enum Stop : uint32_t { kBudget, kException, kOutside, kUnimplemented, kOther };

struct Header {
  uint32_t magic, codeBytes;
  uint64_t codeAddress, maxInstructions;
  uint64_t x[31];
  uint64_t sp;
  uint32_t nzcv, fpcr, fpsr, regionCount;
  uint8_t v[32][16];
};
static_assert(sizeof(Header) == 24 + 256 + 16 + 512, "no padding");

struct Result {
  uint32_t magic, stop, exceptionClass, iss;
  uint64_t faultAddress, pc, instructions;
  uint64_t x[31];
  uint64_t sp;
  uint32_t nzcv, fpcr, fpsr, regionCount;
  uint8_t v[32][16];
};
static_assert(sizeof(Result) == 16 + 24 + 256 + 16 + 512, "no padding");

struct Region {
  uint64_t address;
  std::vector<uint8_t> bytes;
};

struct Job {
  Header header;
  std::vector<uint8_t> code;
  std::vector<Region> regions;
};

bool readExactly(std::FILE* input, void* data, size_t sizeBytes) {
  return std::fread(data, 1, sizeBytes, input) == sizeBytes;
}

bool inRange(uint64_t address, uint64_t sizeBytes) { return address < kAddressEnd && sizeBytes <= kAddressEnd - address; }

/** Empty text if all is well. */
std::string readJob(std::FILE* input, Job& job) {
  const Header& header = job.header;
  if (header.magic != kJobMagic) return "no job here";
  if (header.codeBytes % 4 != 0 || header.codeBytes > kMaxCodeBytes) return "bad code size";
  if (header.codeAddress % 4 != 0 || !inRange(header.codeAddress, header.codeBytes)) return "bad code address";
  if (header.regionCount > kMaxRegions) return "too many regions";
  job.code.resize(header.codeBytes);
  if (!readExactly(input, job.code.data(), job.code.size())) return "cut short in the code";
  job.regions.clear();
  for (uint32_t n = 0; n < header.regionCount; n++) {
    uint64_t place[2];
    if (!readExactly(input, place, sizeof place)) return "cut short in a region";
    if (place[1] == 0 || place[1] > kMaxRegionBytes || !inRange(place[0], place[1])) return "bad region";
    Region region{place[0], std::vector<uint8_t>(place[1])};
    if (!readExactly(input, region.bytes.data(), region.bytes.size())) return "cut short in a region";
    job.regions.push_back(std::move(region));
  }
  return "";
}

/** One level-1 table: 1 GiB blocks, identity-mapped, all but the last open to EL0. Vectors that call the hypervisor. */
void buildSupervisor(FlatEnvironment& world) {
  constexpr uint64_t kBlock = 1 | 1 << 10 | 3 << 8, kUser = 1 << 6;
  std::vector<uint64_t> table(512);
  for (uint64_t n = 0; n < 512; n++) table[n] = n << 30 | kBlock | (n == 511 ? 0 : kUser);
  world.addRam(kTableAddress, 0x2000);
  world.write(kTableAddress, table.data(), 0x1000);
  for (uint64_t vector = 0; vector < 0x800; vector += 0x80) world.write(kVectorAddress + vector, &kHvc, sizeof kHvc);
}

void enterEl0(Cpu& cpu) {
  SystemRegisters& system = cpu.system();
  system.mair = 0xff;
  // T0SZ 25, TTBR1 off, 40-bit addresses, TBI0
  system.tcr = 25 | 1u << 23 | uint64_t{2} << 32 | uint64_t{1} << 37;
  system.ttbr0 = kTableAddress;
  system.vbar = kVectorAddress;
  system.cpacr = 3 << 20;
  system.cntkctl = 3;
  system.sctlr |= machine::sctlr::kM | machine::sctlr::kC | machine::sctlr::kI | machine::sctlr::kUCI |
                  machine::sctlr::kUCT | machine::sctlr::kDZE | machine::sctlr::kSA0 | machine::sctlr::kNTWE;
  cpu.translationChanged();
  cpu.setLevel(0, false);
}

void setState(Cpu& cpu, const Header& header) {
  machine::CpuState& state = cpu.state();
  for (unsigned n = 0; n < 31; n++) state.x[n] = header.x[n];
  state.x[kStackPointer] = header.sp;
  state.setNzcv(header.nzcv);
  state.fpcr = header.fpcr;
  state.fpsr = header.fpsr;
  std::memcpy(state.v.data(), header.v, sizeof header.v);
}

void describeStop(const Cpu& cpu, Cpu::Stop stop, const FlatEnvironment& world, Result& result) {
  using Kind = FlatEnvironment::Ending::Kind;
  const SystemRegisters& system = cpu.systemRegisters();
  result.pc = cpu.pc();
  if (stop == Cpu::Stop::kBudget) {
    result.stop = kBudget;
    return;
  }
  switch (world.ending.kind) {
    case Kind::kHypercall:
      result.stop = kException;
      result.exceptionClass = static_cast<uint32_t>(system.esr >> 26);
      result.iss = system.esr & 0x1ffffff;
      result.faultAddress = system.far;
      result.pc = system.elr;
      // The HVC in the vector is not the job's.
      result.instructions--;
      break;
    case Kind::kDataAbort:
    case Kind::kInstructionAbort:
      result.stop = kOutside;
      result.faultAddress = world.ending.number;
      break;
    case Kind::kUnimplemented:
      result.stop = kUnimplemented;
      result.iss = static_cast<uint32_t>(world.ending.number);
      break;
    default: result.stop = kOther; break;
  }
}

void write(std::FILE* output, const void* data, size_t sizeBytes) { std::fwrite(data, 1, sizeBytes, output); }

void runJob(Cpu& cpu, FlatEnvironment& world, Job& job, std::FILE* output) {
  world.clear();
  buildSupervisor(world);
  if (!job.code.empty()) {
    world.addRam(job.header.codeAddress, job.code.size());
    world.write(job.header.codeAddress, job.code.data(), job.code.size());
  }
  for (const Region& region : job.regions) {
    world.addRam(region.address, region.bytes.size());
    world.write(region.address, region.bytes.data(), region.bytes.size());
  }
  machine::ResetState reset;
  reset.entry = job.header.codeAddress;
  cpu.reset(reset);
  enterEl0(cpu);
  setState(cpu, job.header);

  Result result{};
  const uint64_t before = cpu.instructionCount();
  Cpu::Stop stop = cpu.run(job.header.maxInstructions);
  // An exception by the last instruction that was allowed: let the vector say so.
  if (stop == Cpu::Stop::kBudget && cpu.exceptionLevel() == 1) stop = cpu.run(1);
  result.magic = kResultMagic;
  result.instructions = cpu.instructionCount() - before;
  describeStop(cpu, stop, world, result);
  const machine::CpuState& state = cpu.state();
  for (unsigned n = 0; n < 31; n++) result.x[n] = state.x[n];
  result.sp = cpu.stackPointer(0);
  result.nzcv = state.nzcv();
  result.fpcr = state.fpcr;
  result.fpsr = state.fpsr;
  result.regionCount = job.header.regionCount;
  std::memcpy(result.v, state.v.data(), sizeof result.v);
  write(output, &result, sizeof result);
  for (Region& region : job.regions) {
    world.read(region.address, region.bytes.data(), region.bytes.size());
    write(output, region.bytes.data(), region.bytes.size());
  }
  std::fflush(output);
}

}  // namespace

int runJobs(std::FILE* input, std::FILE* output) {
  FlatEnvironment world;
  Cpu cpu({}, world);
  world.attach(cpu);
  Job job;
  for (;;) {
    const size_t got = std::fread(&job.header, 1, sizeof job.header, input);
    if (got == 0) return 0;
    const std::string problem = got == sizeof job.header ? readJob(input, job) : "cut short in the header";
    if (!problem.empty()) {
      std::fprintf(stderr, "probe: %s\n", problem.c_str());
      return 2;
    }
    runJob(cpu, world, job, output);
  }
}

}  // namespace cellvisor::probe
