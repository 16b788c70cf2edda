#include <cinttypes>
#include <cstdio>
#include <ctime>
#include <iterator>

#include "flat_environment.h"
#include "image.h"

namespace cellvisor::probe {
namespace {

struct Loop {
  const char* name;
  const uint32_t* code;
  size_t words;
  uint64_t dataOffset = 0x2000;
};

const uint32_t kAlu[] = {
    0x8b020020,  // 0: add x0, x1, x2
    0xca000021,  // eor x1, x1, x0
    0xd37df042,  // lsl x2, x2, #3
    0x91000442,  // add x2, x2, #1
    0xaa0003e3,  // mov x3, x0
    0xcb010064,  // sub x4, x3, x1
    0xf1000673,  // subs x19, x19, #1
    0x54ffff21,  // b.ne 0b
};

const uint32_t kLoadStore[] = {
    0xf9400280,  // 0: ldr x0, [x20]
    0xf9400681,  // ldr x1, [x20, #8]
    0x8b010000,  // add x0, x0, x1
    0xf9000a80,  // str x0, [x20, #16]
    0xb9401a82,  // ldr w2, [x20, #24]
    0xa9010680,  // stp x0, x1, [x20, #16]
    0xf1000673,  // subs x19, x19, #1
    0x54ffff21,  // b.ne 0b
};

const uint32_t kCalls[] = {
    0x94000004,  // 0: bl 1f
    0xf1000673,  // subs x19, x19, #1
    0x54ffffc1,  // b.ne 0b
    0x14000000,  // b .
    0xa9bf7bfd,  // 1: stp x29, x30, [sp, #-16]!
    0x910003fd,  // mov x29, sp
    0x8b020020,  // add x0, x1, x2
    0xa8c17bfd,  // ldp x29, x30, [sp], #16
    0xd65f03c0,  // ret
};

// The store hits the code's own page, but no instruction.
const uint32_t kDataBesideCode[] = {
    0xf9400280,  // 0: ldr x0, [x20]
    0x91000400,  // add x0, x0, #1
    0xf9000280,  // str x0, [x20]
    0xf1000673,  // subs x19, x19, #1
    0x54ffff81,  // b.ne 0b
};

// The same with the data where the loop's block goes on.
const uint32_t kDataBehindBranch[] = {
    0xf9400280,  // 0: ldr x0, [x20]
    0x91000400,  // add x0, x0, #1
    0xf9000280,  // str x0, [x20]
    0xf1000673,  // subs x19, x19, #1
    0x54ffff81,  // b.ne 0b
    0x00000000,
    0x00000000,  // x20
    0x00000000,
};

// An instruction is written and executed every time, with the maintenance it needs.
const uint32_t kPatchedCode[] = {
    0x10000120,  // 0: adr x0, 1f
    0x12003e64,  // and w4, w19, #0xffff
    0x2a0414a4,  // orr w4, w5, w4, lsl #5
    0xb9000004,  // str w4, [x0]
    0xd50b7b20,  // dc cvau, x0
    0xd5033b9f,  // dsb ish
    0xd50b7520,  // ic ivau, x0
    0xd5033b9f,  // dsb ish
    0xd5033fdf,  // isb
    0x52800002,  // 1: mov w2, #0
    0xf1000673,  // subs x19, x19, #1
    0x54fffea1,  // b.ne 0b
};

const uint32_t kBranches[] = {
    0x36000073,  // 0: tbz w19, #0, 1f
    0x91000400,  // add x0, x0, #1
    0x14000002,  // b 2f
    0x91000421,  // 1: add x1, x1, #1
    0xf10006ff,  // 2: cmp x23, #1
    0x54000040,  // b.eq 3f
    0x9a810002,  // csel x2, x0, x1, eq
    0xf1000673,  // 3: subs x19, x19, #1
    0x54ffff01,  // b.ne 0b
};

const uint32_t kTrappedAccess[] = {
    0xb94002a0,  // 0: ldr w0, [x21]
    0xb90006a0,  // str w0, [x21, #4]
    0xf1000673,  // subs x19, x19, #1
    0x54ffffa1,  // b.ne 0b
};

/** Nanoseconds that this thread has had: other load on the machine does not count. */
double threadTime() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

double timed(const Loop& loop, uint64_t instructions, uint64_t& accesses) {
  FlatEnvironment world;
  Cpu cpu({}, world);
  world.attach(cpu);
  world.addRam(kImageAddress, 0x10000);
  world.write(kImageAddress, loop.code, loop.words * 4);
  machine::ResetState reset;
  reset.entry = kImageAddress;
  cpu.reset(reset);
  cpu.state().x[5] = 0x52800002;  // mov w2, #0
  cpu.state().x[19] = UINT64_MAX;
  cpu.state().x[20] = kImageAddress + loop.dataOffset;
  cpu.state().x[21] = FlatEnvironment::kRegisterPage + 8;
  cpu.state().x[machine::kStackPointer] = kImageAddress + 0x8000;
  cpu.run(100000);
  world.registerAccesses = 0;
  const double start = threadTime();
  cpu.run(instructions);
  accesses = world.registerAccesses;
  return threadTime() - start;
}

}  // namespace

int runBenchmarks() {
  static const Loop kLoops[] = {
      {"alu", kAlu, std::size(kAlu)},
      {"load/store", kLoadStore, std::size(kLoadStore)},
      {"calls", kCalls, std::size(kCalls)},
      {"branches", kBranches, std::size(kBranches)},
      {"data beside code", kDataBesideCode, std::size(kDataBesideCode), 0x800},
      {"data behind branch", kDataBehindBranch, std::size(kDataBehindBranch), 24},
      {"patched code", kPatchedCode, std::size(kPatchedCode)},
  };
  constexpr uint64_t kInstructions = 300000000;
  uint64_t accesses;
  for (const Loop& loop : kLoops) {
    const uint64_t instructions = loop.code == kPatchedCode ? kInstructions / 10 : kInstructions;
    const double spent = timed(loop, instructions, accesses);
    std::printf("%-18s %7.1f M instructions/s\n", loop.name, 1000.0 * static_cast<double>(instructions) / spent);
  }
  const Loop trapped{"trapped access", kTrappedAccess, std::size(kTrappedAccess)};
  const double spent = timed(trapped, 40000000, accesses);
  std::printf("%-18s %7.1f ns, the loop around it included\n", trapped.name, spent / static_cast<double>(accesses));
  return 0;
}

}  // namespace cellvisor::probe
