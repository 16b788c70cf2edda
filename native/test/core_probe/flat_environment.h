#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "machine/cpu/cpu.h"

namespace cellvisor::probe {

using machine::Cpu;
using machine::DataAbort;
using machine::Trap;

/**
 * RAM wherever it was asked for, one page that traps as a register would, nothing else. A hypercall ends the run; time is
 * the instruction count.
 */
class FlatEnvironment : public machine::Environment {
 public:
  FlatEnvironment() : pages_(std::make_shared<Pages>()) {}
  /** Another CPU's view of the same RAM. */
  static std::unique_ptr<FlatEnvironment> sharing(const FlatEnvironment& other);

  /** What ended the run, beside Cpu::Stop. */
  struct Ending {
    enum class Kind { kNone, kHypercall, kDataAbort, kInstructionAbort, kUnimplemented, kSecureCall, kRegisterTrap };
    Kind kind = Kind::kNone;
    uint64_t number = 0;  ///< the immediate, the address or the encoding
    const char* what = "";
  };

  /** A page that answers reads with its last write, by way of dataAbort; a write at kIrqLine sets the IRQ line. */
  static constexpr uint64_t kRegisterPage = 0x09000000, kIrqLine = kRegisterPage + 0x100;
  /** Reads and writes pass through: the page counts as a device without trap. */
  static constexpr uint64_t kDevicePage = 0x0a000000;
  /** Mapped read-only. */
  static constexpr uint64_t kReadOnlyPage = 0x0b000000;
  static constexpr uint64_t kPage = 4096;

  /** Makes [address, address + sizeBytes) RAM, by whole pages, zero where it was not RAM before. */
  void addRam(uint64_t address, uint64_t sizeBytes);
  /** Host address of RAM; null elsewhere. */
  uint8_t* at(uint64_t address);
  void write(uint64_t address, const void* data, size_t sizeBytes);
  void read(uint64_t address, void* data, size_t sizeBytes);
  void clear();

  Ending ending;
  /** Where single bytes written to the register page's first word go. */
  std::FILE* console = nullptr;
  uint64_t registerAccesses = 0;
  /** What a CPU that waits for an interrupt gets: the interrupt, or the end of the run. */
  bool interruptOnWait = false;

  machine::Stage2Page stage2(uint64_t address) override;
  bool deviceRead(uint64_t physical, unsigned sizeBytes, uint64_t& value) override;
  bool deviceWrite(uint64_t physical, unsigned sizeBytes, uint64_t value) override;
  Trap dataAbort(Cpu& cpu, DataAbort& abort) override;
  Trap instructionAbort(Cpu& cpu, uint64_t virtualAddress, uint64_t intermediateAddress) override;
  Trap hypercall(Cpu& cpu, uint16_t immediate) override;
  Trap secureCall(Cpu& cpu, uint16_t immediate) override;
  Trap systemRegisterTrap(Cpu& cpu, uint32_t iss, bool isWrite, uint64_t value) override;
  Trap unimplemented(Cpu& cpu, uint32_t insn, const char* what) override;
  uint64_t readIcc(machine::IccRegister) override { return 0x3ff; }
  void writeIcc(machine::IccRegister, uint64_t) override {}
  uint64_t counter() override { return cpu_ == nullptr ? 0 : cpu_->instructionCount(); }
  uint64_t readTimer(machine::TimerRegister reg) override { return timers_[static_cast<unsigned>(reg)]; }
  void writeTimer(machine::TimerRegister reg, uint64_t value) override { timers_[static_cast<unsigned>(reg)] = value; }
  void waitForInterrupt(Cpu& cpu) override;
  /** Nothing here depends on how long a WFE rests. */
  void waitForEvent(Cpu&) override {}
  void broadcastInvalidate(Cpu& cpu, bool translations, bool instructions) override;

  void attach(Cpu& cpu) { cpu_ = &cpu; }
  /** The CPUs that share the RAM. */
  void setPeers(std::vector<Cpu*> peers) { peers_ = std::move(peers); }

 private:
  struct Page {
    alignas(16) uint8_t bytes[kPage];
  };
  using Pages = std::map<uint64_t, std::unique_ptr<Page>>;
  Trap end(Ending::Kind kind, uint64_t number, const char* what = "");

  std::shared_ptr<Pages> pages_;
  std::vector<Cpu*> peers_;
  Cpu* cpu_ = nullptr;
  uint64_t register_ = 0, device_ = 0;
  uint64_t timers_[6] = {};
};

}  // namespace cellvisor::probe
