#include "subject.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "machine/cpu/cpu.h"

namespace cellvisor::probe {

using namespace machine;

namespace {

// Physical memory: the two pages of exchange.h, out of their reach a page for the exception vector, and the translation tables.
constexpr uint64_t kVectors = PROBE_DATA + 0x80 * PROBE_PAGE, kTables = kVectors + PROBE_PAGE;
constexpr unsigned kTablePages = 3;
constexpr uint64_t kSynchronousVector = 0x200;
constexpr uint32_t kHvcDone = 0xd4000002, kHvcException = 0xd4000022, kEret = 0xd69f03e0;

using Page = std::array<uint64_t, PROBE_PAGE / 8>;

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "fpsimd probe: %s\n", what);
  std::abort();
}

}  // namespace

struct Subject::Board final : Environment {
  alignas(PROBE_PAGE) Page slots{}, data{}, vectors{}, pristine{};
  alignas(PROBE_PAGE) std::array<Page, kTablePages> tables{};
  Cpu cpu{CpuIdentity{}, *this};
  probe_case* cases = nullptr;
  unsigned count = 0, current = 0;

  Board() {
    probe_fill(pristine.data());
    auto* code = reinterpret_cast<uint32_t*>(vectors.data());
    code[kSynchronousVector / 4] = kHvcException;
    code[kSynchronousVector / 4 + 1] = kEret;
    // Level 1, 2 and 3 tables that map three pages, Normal memory, to themselves; AF is set (Arm ARM D8.3).
    tables[0][0] = (kTables + PROBE_PAGE) | 3;
    tables[1][PROBE_SLOTS >> 21] = (kTables + 2 * PROBE_PAGE) | 3;
    for (const uint64_t page : {uint64_t{PROBE_SLOTS}, uint64_t{PROBE_DATA}, kVectors}) {
      tables[2][page >> 12 & 511] = page | 1u << 10 | 3u << 8 | 3;
    }
  }

  void begin(probe_case* batch, unsigned size) {
    cases = batch, count = size, current = 0;
    auto* code = reinterpret_cast<uint32_t*>(slots.data());
    for (unsigned i = 0; i < count; ++i) {
      code[2 * i] = cases[i].insn;
      code[2 * i + 1] = kHvcDone;
    }
    cpu.reset({PROBE_SLOTS, 0, 3u << 20});
    SystemRegisters& system = cpu.system();
    system.vbar = kVectors;
    system.ttbr0 = kTables;
    system.tcr = 25 | 1u << 23 | 2ull << 32;  // 39 bits of virtual, 40 of physical address; TTBR1 unused
    system.mair = 0xff;
    system.sctlr |= sctlr::kM | sctlr::kC | sctlr::kI;
    cpu.controlChanged();
    cpu.translationChanged();
    load();
  }

  void load() {
    probe_state& from = cases[current].state;
    CpuState& to = cpu.state();
    std::memcpy(to.x.data(), from.x, sizeof from.x);
    std::memcpy(to.v.data(), from.v, sizeof from.v);
    to.setNzcv(static_cast<uint32_t>(from.nzcv));
    to.fpcr = static_cast<uint32_t>(from.fpcr);
    to.fpsr = static_cast<uint32_t>(from.fpsr);
    from.outcome = PROBE_DONE;
    if (from.memory) data = pristine;
  }

  void save() {
    probe_state& to = cases[current].state;
    const CpuState& from = cpu.state();
    std::memcpy(to.x, from.x.data(), sizeof to.x);
    std::memcpy(to.v, from.v.data(), sizeof to.v);
    to.nzcv = from.nzcv();
    to.fpcr = from.fpcr;
    to.fpsr = from.fpsr;
    if (to.memory) to.memory = probe_checksum(data.data());
  }

  Trap hypercall(Cpu&, uint16_t immediate) override {
    if (immediate == 1) {
      SystemRegisters& system = cpu.system();
      switch (system.esr >> 26) {
        case 0x00: cases[current].state.outcome = PROBE_UNDEFINED; break;
        case 0x25: cases[current].state.outcome = PROBE_FAULT; break;
        default: std::fprintf(stderr, "ESR %#llx\n", static_cast<unsigned long long>(system.esr)); fail("unexpected exception");
      }
      system.elr += 4;
      return Trap::kHandled;
    }
    save();
    if (++current == count) return Trap::kOff;
    load();
    return Trap::kHandled;
  }

  Stage2Page stage2(uint64_t intermediateAddress) override {
    const uint64_t page = intermediateAddress & ~uint64_t{PROBE_PAGE - 1};
    uint64_t* host = nullptr;
    if (page == PROBE_SLOTS) host = slots.data();
    else if (page == PROBE_DATA) host = data.data();
    else if (page == kVectors) host = vectors.data();
    else if (page >= kTables && page < kTables + kTablePages * PROBE_PAGE) host = tables[(page - kTables) / PROBE_PAGE].data();
    else return {};
    return {Stage2Page::Kind::kRam, true, true, reinterpret_cast<uint8_t*>(host), page};
  }
  Trap unimplemented(Cpu&, uint32_t insn, const char* what) override {
    std::fprintf(stderr, "%08x: %s\n", insn, what);
    fail("an instruction is not implemented");
  }
  bool deviceRead(uint64_t, unsigned, uint64_t&) override { fail("device access"); }
  bool deviceWrite(uint64_t, unsigned, uint64_t) override { fail("device access"); }
  Trap dataAbort(Cpu&, DataAbort&) override { fail("stage-2 data abort"); }
  Trap instructionAbort(Cpu&, uint64_t, uint64_t) override { fail("stage-2 instruction abort"); }
  Trap secureCall(Cpu&, uint16_t) override { fail("SMC"); }
  Trap systemRegisterTrap(Cpu&, uint32_t, bool, uint64_t) override { fail("system register trap"); }
  uint64_t readIcc(IccRegister) override { fail("ICC read"); }
  void writeIcc(IccRegister, uint64_t) override { fail("ICC write"); }
  uint64_t counter() override { return 0; }
  uint64_t readTimer(TimerRegister) override { fail("timer read"); }
  void writeTimer(TimerRegister, uint64_t) override { fail("timer write"); }
  void waitForInterrupt(Cpu&) override { fail("WFI"); }
  void waitForEvent(Cpu&) override { fail("WFE"); }
  void broadcastInvalidate(Cpu&, bool, bool) override { fail("TLBI"); }
};

Subject::Subject() : board_(std::make_unique<Board>()) {}
Subject::~Subject() = default;

void Subject::run(probe_case* cases, unsigned count) {
  board_->begin(cases, count);
  if (board_->cpu.run() != Cpu::Stop::kOff) fail("the core stopped early");
}

}  // namespace cellvisor::probe
