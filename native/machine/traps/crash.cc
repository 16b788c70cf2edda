#include "machine/traps/crash.h"

#include <cinttypes>
#include <cstdarg>
#include <cstdio>

#include "machine/machine.h"

namespace cellvisor::machine::traps {

namespace {

__attribute__((format(printf, 2, 3))) void append(std::string& text, const char* format, ...) {
  char line[160];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  text += line;
}

void appendRegisters(std::string& text, const Cpu& cpu, uint64_t syndrome, bool withElr) {
  const CpuState& state = cpu.state();
  const unsigned level = cpu.exceptionLevel();
  text += "Cell state before exception:\n";
  append(text, " pc: %016" PRIx64 "   lr: %016" PRIx64 " spsr: %08" PRIx32 "     EL%u\n", cpu.pc(), state.x[30], cpu.spsr(),
         level);
  append(text, " sp: %016" PRIx64 "  ", cpu.stackPointer(level));
  // The address that EL2 would return to, which is where the pc line got its value as well.
  if (withElr) append(text, "elr: %016" PRIx64 "  ", cpu.pc());
  append(text, "esr: %02x %x %07x\n", static_cast<unsigned>((syndrome >> 26) & 0x3f),
         static_cast<unsigned>((syndrome >> 25) & 1), static_cast<unsigned>(syndrome & 0x1ffffff));
  for (unsigned index = 0; index < 30; index++) {
    append(text, "%sx%u: %016" PRIx64 "%s", index < 10 ? " " : "", index, state.x[index], index % 3 == 2 ? "\n" : "  ");
  }
}

/** ESR_EL2. The core does not know how the stage-2 tables are built, so the fault's level comes from the map. */
uint64_t syndromeOf(Vcpu& vcpu, std::optional<uint64_t> abortAddress) {
  const uint64_t syndrome = vcpu.cpu().trapSyndrome();
  if (!abortAddress) return syndrome;
  return (syndrome & ~uint64_t{3}) | vcpu.cell().stage2.faultLevel(*abortAddress);
}

Trap park(Vcpu& vcpu, const std::string& cause, const char* kind, std::optional<uint64_t> abortAddress) {
  const Cpu& cpu = vcpu.cpu();
  const uint64_t syndrome = syndromeOf(vcpu, abortAddress);
  std::string text = cause;
  if (kind != nullptr) {
    append(text, "\nFATAL: %s (exception class 0x%02x)\n", kind, static_cast<unsigned>((syndrome >> 26) & 0x3f));
  }
  appendRegisters(text, cpu, syndrome, vcpu.machine().traits().dumpsElr);
  append(text, "\nParking CPU %u (Cell: \"", vcpu.number());
  text += vcpu.cell().config.name;
  text += "\")\n";
  vcpu.machine().console().write(text);
  vcpu.machine().failCpu(vcpu);
  return Trap::kParked;
}

}  // namespace

Trap forbiddenAccess(Vcpu& vcpu, const std::string& cause, std::optional<uint64_t> abortAddress) {
  return park(vcpu, cause, "forbidden access", abortAddress);
}
Trap unhandledTrap(Vcpu& vcpu, const std::string& cause, std::optional<uint64_t> abortAddress) {
  return park(vcpu, cause, "unhandled trap", abortAddress);
}
Trap emulatorFailure(Vcpu& vcpu, const std::string& cause) { return park(vcpu, cause, nullptr, std::nullopt); }

}  // namespace cellvisor::machine::traps
