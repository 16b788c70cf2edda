#include "machine/vcpu.h"

#include "machine/machine.h"
#include "machine/traps/traps.h"

namespace cellvisor::machine {

Vcpu::Vcpu(Machine& machine, unsigned number, const CpuIdentity& identity)
    : machine_(machine), number_(number), identity_(identity), timers_(machine.gic(), number) {}

ExitCounters& Vcpu::counters() { return machine_.counters(number_); }

void Vcpu::assign(Cell& cell) {
  cell_ = &cell;
  if (cpu_ == nullptr) cpu_ = std::make_unique<Cpu>(identity_, *this);
  counters().clear();
}

uint64_t Vcpu::deadlineNs() const {
  const uint64_t ticks = timers_.deadline();
  return ticks == kNever ? kNever : nsFromTicks(ticks, identity_.counterFrequencyHz);
}

void Vcpu::expireTimers(uint64_t nowNs) {
  if (deadlineNs() <= nowNs) timers_.update(ticksFromNs(nowNs, identity_.counterFrequencyHz));
}

void Vcpu::applyReset() {
  if (!pendingReset) return;
  cpu_->reset(*pendingReset);
  pendingReset.reset();
  machine_.gic().resendLine(number_);
}

Cpu::Stop Vcpu::execute(std::unique_lock<std::mutex>& lock, uint64_t budget) {
  executing = true;
  applyReset();
  const bool isStep = stepping;
  lock.unlock();
  const Cpu::Stop stop = isStep ? cpu_->step() : cpu_->run(budget);
  lock.lock();
  executing = false;
  if (stop == Cpu::Stop::kOff && power == PowerState::kRunning) {
    power = PowerState::kOff;
    machine_.gic().stopCpu(number_);
    machine_.events().cellChanged(cell_->config.id);
  }
  machine_.debugger().executed(*this, stop);
  powerChanged.notify_all();
  return stop;
}

void Vcpu::setIrqLine(bool level) { cpu_->setIrqLine(level); }
void Vcpu::wake() { machine_.executor().wake(*this); }

Stage2Page Vcpu::stage2(uint64_t intermediateAddress) { return cell_->stage2.lookup(intermediateAddress); }

bool Vcpu::deviceRead(uint64_t physical, unsigned sizeBytes, uint64_t& value) {
  return machine_.bus().read(physical, sizeBytes, value);
}
bool Vcpu::deviceWrite(uint64_t physical, unsigned sizeBytes, uint64_t value) {
  return machine_.bus().write(physical, sizeBytes, value);
}

Trap Vcpu::dataAbort(Cpu&, DataAbort& abort) { return traps::dataAbort(*this, abort); }
Trap Vcpu::instructionAbort(Cpu&, uint64_t, uint64_t intermediateAddress) {
  return traps::instructionAbort(*this, intermediateAddress);
}
Trap Vcpu::hypercall(Cpu&, uint16_t immediate) { return traps::hypercall(*this, immediate); }
Trap Vcpu::secureCall(Cpu&, uint16_t) { return traps::secureCall(*this); }
Trap Vcpu::systemRegisterTrap(Cpu&, uint32_t iss, bool isWrite, uint64_t value) {
  return traps::systemRegister(*this, iss, isWrite, value);
}
Trap Vcpu::unimplemented(Cpu&, uint32_t insn, const char* what) { return traps::unimplemented(*this, insn, what); }

uint64_t Vcpu::readIcc(IccRegister reg) { return machine_.gic().readIcc(number_, reg); }
void Vcpu::writeIcc(IccRegister reg, uint64_t value) { machine_.gic().writeIcc(number_, reg, value); }

uint64_t Vcpu::counter() { return ticksFromNs(machine_.executor().nowNs(*this), identity_.counterFrequencyHz); }
uint64_t Vcpu::readTimer(TimerRegister reg) { return timers_.read(reg, counter()); }
void Vcpu::writeTimer(TimerRegister reg, uint64_t value) {
  timers_.write(reg, value, counter());
  machine_.executor().deadlineChanged(*this);
}

void Vcpu::waitForInterrupt(Cpu&) {
  watchCellState();
  machine_.executor().wait(*this);
}

void Vcpu::waitForEvent(Cpu&) { machine_.executor().pause(*this); }

void Vcpu::watchCellState() {
  const uint32_t state = cell_->comm.word(CommPage::kCellStateOffset);
  if (state == seenCellState_) return;
  seenCellState_ = state;
  machine_.events().cellChanged(cell_->config.id);
}

void Vcpu::broadcastInvalidate(Cpu&, bool translations, bool instructions) {
  for (const unsigned number : cell_->config.cpus) {
    if (number != number_) machine_.vcpu(number).cpu().requestInvalidate(translations, instructions);
  }
  if (!translations) return;
  for (const unsigned number : cell_->config.cpus) {
    if (number != number_) machine_.vcpu(number).cpu().awaitInvalidate();
  }
}

}  // namespace cellvisor::machine
