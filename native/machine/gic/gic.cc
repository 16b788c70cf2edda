#include "machine/gic/gic.h"

namespace cellvisor::machine::gic {

namespace {

/** The hypervisor's own priority mask: interrupts of this priority or below never reach a CPU. */
constexpr uint8_t kHostPriorityMask = 0xf0;
constexpr uint32_t kSgiMask = 0xffff;

}  // namespace

Gic::Gic(const GicDescription& description, const std::vector<CpuDescription>& cpus, std::vector<ExitCounters>& counters,
         EventQueue& events)
    : description_(description), counters_(counters), events_(events), distributor_(description.spiCount) {
  for (unsigned cpu = 0; cpu < cpus.size(); cpu++) cpus_.emplace_back(cpu, cpus[cpu].mpidr, cpu + 1 == cpus.size());
}

int Gic::cpuByAffinity(uint64_t affinity) const {
  for (size_t cpu = 0; cpu < cpus_.size(); cpu++) {
    if (cpus_[cpu].affinity == affinity) return static_cast<int>(cpu);
  }
  return -1;
}

unsigned Gic::firstCpu(uint64_t cpuMask) const {
  return cpuMask == 0 ? 0 : static_cast<unsigned>(__builtin_ctzll(cpuMask));
}

void Gic::exit(unsigned cpu, ExitReason reason) { counters_[cpu].count(reason); }

// Interrupt sources.

void Gic::setSpiWire(unsigned intid, bool level) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!distributor_.hasSpi(intid)) return;
  InterruptBank& bank = distributor_.bank(intid / 32);
  bank.setWire(intid % 32, level);
  if (!level) return;
  if (isRoots(intid)) {
    raiseForRoot(intid);
  } else {
    deliverBank(intid / 32);
  }
}

void Gic::setSpiPending(unsigned intid) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!distributor_.hasSpi(intid)) return;
  distributor_.bank(intid / 32).latched |= 1u << (intid % 32);
  if (isRoots(intid)) {
    raiseForRoot(intid);
  } else {
    deliverBank(intid / 32);
  }
}

void Gic::setPpiWire(unsigned cpu, unsigned intid, bool level) {
  std::lock_guard<std::mutex> lock(mutex_);
  cpus_[cpu].redistributor.bank().setWire(intid, level);
  if (level) deliverPpis(cpu);
}

/**
 * Root is Linux and does not execute here: its driver model handles the interrupt at once, so nothing stays pending or active.
 * Whether it was enabled is the driver model's affair as well.
 */
void Gic::raiseForRoot(unsigned intid) {
  distributor_.bank(intid / 32).latched &= ~(1u << (intid % 32));
  if (!enabled_) return;
  const int routed = cpuByAffinity(distributor_.route(intid));
  const bool isRootCpu = routed >= 0 && ((rootCpus_ >> routed) & 1);
  const unsigned cpu = isRootCpu ? static_cast<unsigned>(routed) : firstCpu(rootCpus_);
  exit(cpu, ExitReason::kVirtIrq);
  events_.rootInterrupt(intid, cpu);
}

void Gic::sendSgi(unsigned cpu, const Partition& partition, uint64_t value) {
  // ICC_SGI1R_EL1 (IHI 0069 12.2.34).
  const unsigned intid = (value >> 24) & 0xf;
  const bool allOthers = (value >> 40) & 1;
  const uint64_t targetList = value & 0xffff;
  const uint64_t affinity321 = (((value >> 48) & 0xff) << 32) | (((value >> 32) & 0xff) << 16) | (((value >> 16) & 0xff) << 8);

  std::lock_guard<std::mutex> lock(mutex_);
  for (unsigned target = 0; target < cpus_.size(); target++) {
    if (!((partition.cpuMask >> target) & 1)) continue;
    CpuState& state = cpus_[target];
    const uint64_t aff0 = state.affinity & 0xff;
    const bool listed = (state.affinity & ~uint64_t{0xff}) == affinity321 && aff0 < 16 && ((targetList >> aff0) & 1);
    if (allOthers ? target == cpu : !listed) continue;
    if (state.target == nullptr) continue;
    exit(target, ExitReason::kVirtSgi);
    state.queue.push({static_cast<uint16_t>(intid), state.redistributor.bank().priority[intid], false});
    drainQueue(state);
    updateLine(state);
    state.target->wake();
  }
}

// Delivery.

void Gic::deliverBank(unsigned bankIndex) {
  InterruptBank& bank = distributor_.bank(bankIndex);
  uint32_t candidates = bank.deliverable() & cellIntids_[bankIndex];
  uint64_t countedCpus = 0;
  while (candidates != 0) {
    const unsigned bit = static_cast<unsigned>(__builtin_ctz(candidates));
    candidates &= candidates - 1;
    const unsigned intid = bankIndex * 32 + bit;
    if (bank.priority[bit] >= kHostPriorityMask) continue;
    const int cpu = cpuByAffinity(distributor_.route(intid));
    if (cpu < 0 || cpus_[static_cast<size_t>(cpu)].target == nullptr) continue;
    // What arrives together is one exit of the CPU.
    if (!((countedCpus >> cpu) & 1)) exit(static_cast<unsigned>(cpu), ExitReason::kVirtIrq);
    countedCpus |= uint64_t{1} << cpu;
    takeInterrupt(cpus_[static_cast<size_t>(cpu)], bank, bit, intid);
  }
}

void Gic::deliverAll() {
  for (unsigned bank = 1; bank < distributor_.bankCount(); bank++) deliverBank(bank);
}

void Gic::deliverPpis(unsigned cpu) {
  CpuState& state = cpus_[cpu];
  if (state.target == nullptr) return;
  InterruptBank& bank = state.redistributor.bank();
  uint32_t candidates = bank.deliverable() & ~kSgiMask;
  bool counted = false;
  while (candidates != 0) {
    const unsigned intid = static_cast<unsigned>(__builtin_ctz(candidates));
    candidates &= candidates - 1;
    if (intid == maintenanceIntid_ || bank.priority[intid] >= kHostPriorityMask) continue;
    if (!counted) exit(cpu, ExitReason::kVirtIrq);
    counted = true;
    takeInterrupt(state, bank, intid, intid);
  }
}

void Gic::takeInterrupt(CpuState& cpu, InterruptBank& bank, unsigned bit, unsigned intid) {
  bank.latched &= ~(1u << bit);
  bank.active |= 1u << bit;
  if (cpu.interface.inject(intid, bank.priority[bit], true) == CpuInterface::Injection::kFull) {
    cpu.queue.push({static_cast<uint16_t>(intid), bank.priority[bit], true});
    cpu.underflowInterrupt = true;
  }
  updateLine(cpu);
  cpu.target->wake();
}

void Gic::drainQueue(CpuState& cpu) {
  while (!cpu.queue.empty()) {
    const InjectionQueue::Entry& entry = cpu.queue.front();
    if (cpu.interface.inject(entry.intid, entry.priority, entry.hardware) == CpuInterface::Injection::kFull) {
      cpu.underflowInterrupt = true;
      return;
    }
    cpu.queue.pop();
  }
  cpu.underflowInterrupt = false;
}

void Gic::deactivate(unsigned cpu, unsigned intid) {
  if (intid < kFirstSpi) {
    cpus_[cpu].redistributor.bank().active &= ~(1u << intid);
    deliverPpis(cpu);
  } else if (distributor_.hasSpi(intid)) {
    distributor_.bank(intid / 32).active &= ~(1u << (intid % 32));
    deliverBank(intid / 32);
  }
}

void Gic::updateLine(CpuState& cpu) {
  const bool level = cpu.interface.irqAsserted();
  if (level == cpu.line) return;
  cpu.line = level;
  if (cpu.target != nullptr) cpu.target->setIrqLine(level);
}

// The guest's side.

uint64_t Gic::readIcc(unsigned cpu, IccRegister reg) {
  std::lock_guard<std::mutex> lock(mutex_);
  CpuState& state = cpus_[cpu];
  const uint64_t value = state.interface.read(reg);
  updateLine(state);
  return value;
}

void Gic::writeIcc(unsigned cpu, IccRegister reg, uint64_t value) {
  std::lock_guard<std::mutex> lock(mutex_);
  CpuState& state = cpus_[cpu];
  const unsigned deactivated = state.interface.write(reg, value);
  if (deactivated != kSpurious) deactivate(cpu, deactivated);
  // The underflow condition of ICH_HCR_EL2.UIE: none or one list register is valid.
  if (state.underflowInterrupt && state.interface.listedCount() <= 1) {
    exit(cpu, ExitReason::kMaintenance);
    drainQueue(state);
  }
  updateLine(state);
}

bool Gic::hasPendingInterrupt(unsigned cpu) {
  std::lock_guard<std::mutex> lock(mutex_);
  return cpus_[cpu].interface.hasPending();
}

// Hypervisor life.

void Gic::enable(const Partition& root, unsigned maintenanceIntid, bool typerUpperHalf) {
  std::lock_guard<std::mutex> lock(mutex_);
  enabled_ = true;
  rootCpus_ = root.cpuMask;
  maintenanceIntid_ = maintenanceIntid;
  typerUpperHalf_ = typerUpperHalf;
}

void Gic::disable() {
  std::lock_guard<std::mutex> lock(mutex_);
  enabled_ = false;
  rootCpus_ = 0;
}

void Gic::addCell(const Partition& partition) {
  std::lock_guard<std::mutex> lock(mutex_);
  rootCpus_ &= ~partition.cpuMask;
  const uint64_t home = cpus_[firstCpu(partition.cpuMask)].affinity;
  for (unsigned intid = kFirstSpi; intid < kIntidLimit; intid++) {
    if (!partition.owns(intid) || !distributor_.hasSpi(intid)) continue;
    cellIntids_[intid / 32] |= 1u << (intid % 32);
    const int cpu = cpuByAffinity(distributor_.route(intid));
    if (cpu < 0 || !((partition.cpuMask >> cpu) & 1)) distributor_.setRoute(intid, home);
  }
}

void Gic::removeCell(const Partition& partition) {
  maskSpis(partition);
  std::lock_guard<std::mutex> lock(mutex_);
  rootCpus_ |= partition.cpuMask;
  const uint64_t home = cpus_[firstCpu(rootCpus_)].affinity;
  for (unsigned intid = kFirstSpi; intid < kIntidLimit; intid++) {
    if (!partition.owns(intid) || !distributor_.hasSpi(intid)) continue;
    cellIntids_[intid / 32] &= ~(1u << (intid % 32));
    distributor_.setRoute(intid, home);
  }
}

void Gic::maskSpis(const Partition& partition) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (unsigned index = 1; index < distributor_.bankCount(); index++) {
    InterruptBank& bank = distributor_.bank(index);
    bank.enabled &= ~partition.intids[index];
    bank.active &= ~partition.intids[index];
  }
}

void Gic::startCpu(unsigned cpu, InterruptTarget& target) {
  std::lock_guard<std::mutex> lock(mutex_);
  CpuState& state = cpus_[cpu];
  state.interface.reset();
  state.queue.clear();
  state.underflowInterrupt = false;
  state.line = false;
  InterruptBank& bank = state.redistributor.bank();
  bank.enabled = kSgiMask | (maintenanceIntid_ < 32 ? 1u << maintenanceIntid_ : 0);
  bank.active = 0;
  state.target = &target;
  target.setIrqLine(false);
  deliverAll();
}

void Gic::stopCpu(unsigned cpu) {
  std::lock_guard<std::mutex> lock(mutex_);
  cpus_[cpu].target = nullptr;
}

void Gic::resendLine(unsigned cpu) {
  std::lock_guard<std::mutex> lock(mutex_);
  CpuState& state = cpus_[cpu];
  if (state.target != nullptr) state.target->setIrqLine(state.line);
}

}  // namespace cellvisor::machine::gic
