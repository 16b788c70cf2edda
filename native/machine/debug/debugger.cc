#include "machine/debug/debugger.h"

#include <algorithm>

#include "machine/debug/guest_memory.h"
#include "machine/debug/register_file.h"
#include "machine/machine.h"

namespace cellvisor::machine {

namespace {

/** More than a debugger's user sets; it bounds the time that an access to a watched page takes. */
constexpr size_t kMaxPoints = 1024;
/** Of one read or write. */
constexpr size_t kMaxTransferBytes = 1 << 20;

/** The first CPU of the cell in this state, or nullptr. */
Vcpu* cpuIn(Machine& machine, const Cell& cell, PowerState state) {
  for (const unsigned number : cell.config.cpus) {
    if (machine.vcpu(number).power == state) return &machine.vcpu(number);
  }
  return nullptr;
}

std::vector<Vcpu*> cpusOf(Machine& machine, const Cell& cell) {
  std::vector<Vcpu*> cpus;
  for (const unsigned number : cell.config.cpus) cpus.push_back(&machine.vcpu(number));
  return cpus;
}

}  // namespace

Cell& Debugger::attached(uint32_t cellId) {
  Cell& cell = machine_.cell(cellId);
  if (!cell.debug.attached) throw BrokenPromise("no debugger is attached to the cell");
  return cell;
}

/** Returns when no CPU of the cell executes. */
Cell& Debugger::held(uint32_t cellId, ControlLock& lock) {
  Cell& cell = attached(cellId);
  if (!cell.debug.cause) throw BrokenPromise("the cell is not held");
  for (Vcpu* vcpu : cpusOf(machine_, cell)) {
    vcpu->powerChanged.wait(lock.lock(), [&] { return !vcpu->executing; });
    vcpu->applyReset();
  }
  return cell;
}

Vcpu& Debugger::heldCpu(uint32_t cellId, unsigned cpu, ControlLock& lock) {
  const std::vector<unsigned>& cpus = held(cellId, lock).config.cpus;
  if (std::find(cpus.begin(), cpus.end(), cpu) == cpus.end()) {
    throw RangeViolation("the cell has no CPU " + std::to_string(cpu));
  }
  return machine_.vcpu(cpu);
}

void Debugger::holdAll(Cell& cell, const HoldCause& cause) {
  if (cell.debug.cause) {
    // A breakpoint would be reached again; these happen once.
    if (cause.kind == HoldCause::Kind::kStarted || cause.kind == HoldCause::Kind::kFailed) cell.debug.next = cause;
    return;
  }
  cell.debug.cause = cause;
  for (Vcpu* vcpu : cpusOf(machine_, cell)) {
    vcpu->held = true;
    vcpu->stepping = false;
    if (!vcpu->executing) continue;
    vcpu->cpu().requestStop();
    machine_.executor().wake(*vcpu);
  }
  machine_.events().cellHeld(cell.config.id);
}

void Debugger::release(Cell& cell) {
  cell.debug = CellDebug();
  for (Vcpu* vcpu : cpusOf(machine_, cell)) {
    vcpu->held = false;
    vcpu->stepping = false;
    vcpu->cpu().setBreakpoints({});
    vcpu->cpu().setWatchpoints({});
  }
}

void Debugger::attach(uint32_t cellId) {
  ControlLock lock(machine_);
  Cell& cell = machine_.cell(cellId);
  if (machine_.isRoot(cell)) throw BrokenPromise("the root cell does not execute here");
  if (cell.debug.attached) throw BrokenPromise("a debugger is attached to the cell");
  cell.debug.attached = true;
  // Whoever comes after a violation comes for it.
  if (Vcpu* failed = cpuIn(machine_, cell, PowerState::kFailed)) {
    cell.debug.next = HoldCause{HoldCause::Kind::kFailed, failed->number(), 0, false};
  }
}

void Debugger::detach(uint32_t cellId) {
  ControlLock lock(machine_);
  Cell& cell = attached(cellId);
  holdAll(cell, {});
  release(held(cellId, lock));
  for (Vcpu* vcpu : cpusOf(machine_, cell)) machine_.executor().resumed(*vcpu);
}

void Debugger::hold(uint32_t cellId) {
  ControlLock lock(machine_);
  Cell& cell = attached(cellId);
  if (!cell.debug.cause && cell.debug.next) {
    const HoldCause next = *cell.debug.next;
    cell.debug.next.reset();
    return holdAll(cell, next);
  }
  const Vcpu* running = cpuIn(machine_, cell, PowerState::kRunning);
  holdAll(cell, {HoldCause::Kind::kRequested, running != nullptr ? running->number() : cell.config.cpus.front(), 0, false});
}

void Debugger::resume(uint32_t cellId, const std::vector<Resumption>& resumptions) {
  ControlLock lock(machine_);
  for (const Resumption& one : resumptions) heldCpu(cellId, one.cpu, lock);
  Cell& cell = held(cellId, lock);
  cell.debug.cause.reset();
  if (cell.debug.next) {
    const HoldCause next = *cell.debug.next;
    cell.debug.next.reset();
    return holdAll(cell, next);
  }
  for (const Resumption& one : resumptions) {
    Vcpu& vcpu = machine_.vcpu(one.cpu);
    vcpu.stepping = one.go == Go::kStep && vcpu.power == PowerState::kRunning;
    vcpu.held = false;
    machine_.executor().resumed(vcpu);
  }
}

std::optional<HoldCause> Debugger::cause(uint32_t cellId) {
  ControlLock lock(machine_);
  Cell& cell = attached(cellId);
  if (cell.debug.cause) held(cellId, lock);
  return cell.debug.cause;
}

void Debugger::setBreakpoints(uint32_t cellId, const std::vector<uint64_t>& addresses) {
  if (addresses.size() > kMaxPoints) throw RangeViolation("there are at most 1024 breakpoints");
  ControlLock lock(machine_);
  for (Vcpu* vcpu : cpusOf(machine_, held(cellId, lock))) vcpu->cpu().setBreakpoints(addresses);
}

void Debugger::setWatchpoints(uint32_t cellId, const std::vector<Watchpoint>& watchpoints) {
  if (watchpoints.size() > kMaxPoints) throw RangeViolation("there are at most 1024 watchpoints");
  ControlLock lock(machine_);
  for (Vcpu* vcpu : cpusOf(machine_, held(cellId, lock))) vcpu->cpu().setWatchpoints(watchpoints);
}

std::vector<uint8_t> Debugger::readRegisters(uint32_t cellId, unsigned cpu) {
  ControlLock lock(machine_);
  return registerBytes(heldCpu(cellId, cpu, lock).cpu());
}

void Debugger::writeRegisters(uint32_t cellId, unsigned cpu, const uint8_t* bytes, size_t length) {
  if (length != kRegisterBytes) throw RangeViolation("this is not a set of registers");
  ControlLock lock(machine_);
  if (!setRegisters(heldCpu(cellId, cpu, lock).cpu(), bytes)) throw RangeViolation("cpsr has a mode that a cell cannot be in");
}

std::vector<uint8_t> Debugger::readMemory(uint32_t cellId, unsigned cpu, uint64_t address, size_t length) {
  if (length > kMaxTransferBytes) throw RangeViolation("at most 1 MiB can be read at a time");
  ControlLock lock(machine_);
  return readGuest(heldCpu(cellId, cpu, lock), address, length);
}

bool Debugger::writeMemory(uint32_t cellId, unsigned cpu, uint64_t address, const uint8_t* bytes, size_t length) {
  if (length > kMaxTransferBytes) throw RangeViolation("at most 1 MiB can be written at a time");
  ControlLock lock(machine_);
  if (!writeGuest(heldCpu(cellId, cpu, lock), address, bytes, length)) return false;
  for (Vcpu* vcpu : cpusOf(machine_, machine_.cell(cellId))) vcpu->cpu().requestInvalidate(false, true);
  return true;
}

void Debugger::started(Vcpu& vcpu) {
  Cell& cell = vcpu.cell();
  if (cell.debug.attached) holdAll(cell, {HoldCause::Kind::kStarted, vcpu.number(), 0, false});
}

void Debugger::executed(Vcpu& vcpu, Cpu::Stop stop) {
  Cell& cell = vcpu.cell();
  if (!cell.debug.attached) return;
  HoldCause cause;
  cause.cpu = vcpu.number();
  if (stop == Cpu::Stop::kDebug) {
    const DebugHit& hit = vcpu.cpu().debugHit();
    const bool isBreakpoint = hit.kind == DebugHit::Kind::kBreakpoint;
    cause.kind = isBreakpoint ? HoldCause::Kind::kBreakpoint : HoldCause::Kind::kWatchpoint;
    cause.address = hit.address;
    cause.isWrite = hit.isWrite;
  } else if (vcpu.power == PowerState::kFailed) {
    cause.kind = HoldCause::Kind::kFailed;
  } else if (vcpu.stepping && stop != Cpu::Stop::kRequested) {
    cause.kind = HoldCause::Kind::kStepped;
  } else {
    return;
  }
  holdAll(cell, cause);
}

void Debugger::destroyed(Cell& cell) {
  ControlLock lock(machine_);
  if (!cell.debug.attached) return;
  release(cell);
  machine_.events().cellHeld(cell.config.id);
}

}  // namespace cellvisor::machine
