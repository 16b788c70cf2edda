#include "machine/debug/register_file.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace cellvisor::machine {

namespace {

constexpr unsigned kGeneralRegisters = 31;

class Writer {
 public:
  template <class T>
  void put(const T& value) {
    const size_t at = bytes_.size();
    bytes_.resize(at + sizeof value);
    std::memcpy(bytes_.data() + at, &value, sizeof value);
  }
  std::vector<uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<uint8_t> bytes_;
};

class Reader {
 public:
  explicit Reader(const uint8_t* bytes) : next_(bytes) {}
  template <class T>
  void get(T& value) {
    std::memcpy(&value, next_, sizeof value);
    next_ += sizeof value;
  }

 private:
  const uint8_t* next_;
};

}  // namespace

std::vector<uint8_t> registerBytes(const Cpu& cpu) {
  const CpuState& state = cpu.state();
  const SystemRegisters& system = cpu.systemRegisters();
  Writer writer;
  for (unsigned n = 0; n < kGeneralRegisters; n++) writer.put(state.x[n]);
  writer.put(state.x[kStackPointer]);
  writer.put(cpu.pc());
  writer.put(cpu.spsr());
  for (const VectorRegister& vector : state.v) writer.put(vector.b);
  writer.put(state.fpsr);
  writer.put(state.fpcr);
  for (const uint64_t value :
       {system.sctlr, system.cpacr, system.ttbr0, system.ttbr1, system.tcr, system.mair, system.vbar, system.esr, system.far,
        system.elr, system.spsr, cpu.stackPointer(0), system.tpidrEl1, system.tpidrEl0, cpu.identity().mpidr}) {
    writer.put(value);
  }
  return writer.take();
}

bool setRegisters(Cpu& cpu, const uint8_t* bytes) {
  Reader reader(bytes);
  std::array<uint64_t, kGeneralRegisters> general;
  uint64_t stackPointer, pc;
  uint32_t spsr;
  reader.get(general);
  reader.get(stackPointer);
  reader.get(pc);
  reader.get(spsr);
  // Before the stack pointer: which one that is depends on the mode.
  if (!cpu.setSpsr(spsr)) return false;
  CpuState& state = cpu.state();
  std::copy(general.begin(), general.end(), state.x.begin());
  state.x[kStackPointer] = stackPointer;
  cpu.setPc(pc);
  for (VectorRegister& vector : state.v) reader.get(vector.b);
  reader.get(state.fpsr);
  reader.get(state.fpcr);
  state.fpsr &= kFpsrWritable;
  state.fpcr &= kFpcrWritable;
  return true;
}

}  // namespace cellvisor::machine
