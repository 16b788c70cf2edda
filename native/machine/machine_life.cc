// Cells as the hypervisor model creates, parks, starts and destroys them, and the power state of their CPUs.

#include <algorithm>

#include "machine/machine.h"

namespace cellvisor::machine {

namespace {

/** Results of PSCI CPU_ON and AFFINITY_INFO. */
constexpr int64_t kPsciSuccess = 0, kPsciDenied = -3, kPsciAlreadyOn = -4;
constexpr int64_t kAffinityOn = 0, kAffinityOff = 1, kAffinityUnknown = -3;

/** CPACR_EL1.FPEN: FP and SIMD do not trap. */
constexpr uint64_t kFpEnabled = 3u << 20;

}  // namespace

void Machine::requireEnabled() const {
  if (!enabled_) throw BrokenPromise("the hypervisor is not enabled");
}

Cell& Machine::cell(uint32_t cellId) {
  requireEnabled();
  if (root_->config.id == cellId) return *root_;
  const auto it = cells_.find(cellId);
  if (it == cells_.end()) throw RangeViolation("no cell has id " + std::to_string(cellId));
  return *it->second;
}

gic::Partition Machine::partitionOf(const CellConfig& config) const {
  gic::Partition partition;
  for (const unsigned cpu : config.cpus) {
    if (cpu >= vcpus_.size()) throw RangeViolation("the board has no CPU " + std::to_string(cpu));
    partition.cpuMask |= uint64_t{1} << cpu;
  }
  for (const unsigned intid : config.intids) {
    if (intid < kFirstSpi || intid >= kIntidLimit) throw RangeViolation("INTID " + std::to_string(intid) + " is not an SPI");
    partition.intids[intid / 32] |= 1u << (intid % 32);
  }
  return partition;
}

void Machine::enable(const HypervisorConfig& config) {
  if (enabled_) throw BrokenPromise("the hypervisor is enabled already");
  Uart* debugUart = nullptr;
  for (const auto& uart : uarts_) {
    if (config.hasDebugUart && uart->description().physStart == config.debugUart) debugUart = uart.get();
  }
  if (config.hasDebugUart && debugUart == nullptr) throw RangeViolation("no UART is at the debug console's address");
  const gic::Partition partition = partitionOf(config.rootCell);
  auto root = std::make_unique<Cell>(config.rootCell, partition, ram_);
  pci_.configure(config);
  root->devices = pci_.attach(root->config, root->partition);
  root_ = std::move(root);
  hypervisor_ = config;
  gic_.enable(partition, config.maintenanceIntid, config.traits.gicrTyperUpperHalf);
  console_.configure(config.traits.newline, debugUart, config.virtualConsole);
  for (size_t cpu = 0; cpu < counters_.size(); cpu++) {
    counters_[cpu].clear();
    vcpus_[cpu]->power = PowerState::kRunning;
  }
  enabled_ = true;
}

void Machine::disable() {
  requireEnabled();
  if (!cells_.empty()) throw BrokenPromise("cells exist");
  pci_.detach(root_->devices);
  gic_.disable();
  root_.reset();
  enabled_ = false;
}

void Machine::checkNewCell(const CellConfig& config) const {
  if (config.cpus.empty()) throw RangeViolation("a cell has at least one CPU");
  if (config.id == root_->config.id || cells_.count(config.id) != 0) throw BrokenPromise("the cell id is taken");
  for (const unsigned cpu : config.cpus) {
    const bool isRoots = cpu < vcpus_.size() && ((root_->partition.cpuMask >> cpu) & 1);
    const bool isTaken = std::any_of(cells_.begin(), cells_.end(), [cpu](const auto& entry) {
      return ((entry.second->partition.cpuMask >> cpu) & 1) != 0;
    });
    if (!isRoots || isTaken) throw BrokenPromise("CPU " + std::to_string(cpu) + " is not the root cell's");
  }
}

void Machine::createCell(const CellConfig& config) {
  requireEnabled();
  checkNewCell(config);
  CellConfig sorted = config;
  std::sort(sorted.cpus.begin(), sorted.cpus.end());
  auto created = std::make_unique<Cell>(sorted, partitionOf(sorted), ram_);
  created->devices = pci_.attach(created->config, created->partition);
  gic_.addCell(created->partition);
  Cell& cell = *cells_.emplace(config.id, std::move(created)).first->second;
  try {
    for (const unsigned cpu : cell.config.cpus) {
      {
        ControlLock lock(*this);
        vcpus_[cpu]->power = PowerState::kParked;
      }
      vcpus_[cpu]->assign(cell);
      executor_->add(*vcpus_[cpu]);
    }
  } catch (...) {
    destroyCell(config.id);
    throw;
  }
}

/** Afterwards no instruction of the cell executes, and none of its CPUs can be switched on. */
void Machine::stopCell(Cell& cell, std::unique_lock<std::mutex>& lock) {
  cell.halted = true;
  for (const unsigned number : cell.config.cpus) {
    Vcpu& vcpu = *vcpus_[number];
    vcpu.power = PowerState::kParked;
    vcpu.pendingReset.reset();
    gic_.stopCpu(number);
    if (!vcpu.executing) continue;
    vcpu.cpu().requestStop();
    executor_->wake(vcpu);
  }
  for (const unsigned number : cell.config.cpus) {
    Vcpu& vcpu = *vcpus_[number];
    vcpu.powerChanged.wait(lock, [&] { return !vcpu.executing; });
    vcpu.timers().reset();
  }
}

void Machine::parkCell(uint32_t cellId) {
  Cell& target = cell(cellId);
  if (&target == root_.get()) throw BrokenPromise("the root cell cannot be parked");
  ControlLock lock(*this);
  stopCell(target, lock.lock());
  // The hypervisor interrupts every CPU of the cell for this: SGI_EVENT (reference 8).
  for (const unsigned number : target.config.cpus) counters_[number].count(ExitReason::kManagement);
}

void Machine::startCell(uint32_t cellId, uint64_t entry, const uint8_t* commBytes, size_t commLength) {
  if (commLength > kPageSizeBytes) throw RangeViolation("the communication region is larger than a page");
  parkCell(cellId);
  Cell& target = cell(cellId);
  target.comm.fill(commBytes, commLength);
  pci_.reset(target.devices);
  gic_.maskSpis(target.partition);
  bus_.forgetReports();
  ControlLock lock(*this);
  for (const unsigned number : target.config.cpus) vcpus_[number]->power = PowerState::kOff;
  target.halted = false;
  Vcpu& first = *vcpus_[target.config.cpus.front()];
  switchOn(first, entry, 0);
  debugger_.started(first);
}

void Machine::destroyCell(uint32_t cellId) {
  Cell& target = cell(cellId);
  if (&target == root_.get()) throw BrokenPromise("the root cell cannot be destroyed");
  {
    ControlLock lock(*this);
    stopCell(target, lock.lock());
  }
  for (const unsigned number : target.config.cpus) executor_->remove(*vcpus_[number]);
  debugger_.destroyed(target);
  pci_.detach(target.devices);
  gic_.removeCell(target.partition);
  ControlLock lock(*this);
  for (const unsigned number : target.config.cpus) {
    counters_[number].clear();
    vcpus_[number]->power = PowerState::kRunning;
  }
  cells_.erase(cellId);
}

/** With the power lock held. */
void Machine::switchOn(Vcpu& vcpu, uint64_t entry, uint64_t context) {
  vcpu.timers().reset();
  vcpu.pendingReset = ResetState{entry, context, traits().fpEnabledAtReset ? kFpEnabled : 0};
  vcpu.power = PowerState::kRunning;
  vcpu.stepping = false;
  vcpu.held = vcpu.cell().debug.cause.has_value();
  gic_.startCpu(vcpu.number(), vcpu);
  executor_->switchedOn(vcpu);
}

Vcpu* Machine::cellCpu(const Cell& cell, uint64_t mpidr) {
  for (const unsigned number : cell.config.cpus) {
    if (((vcpus_[number]->identity().mpidr ^ mpidr) & gic::kAffinityMask) == 0) return vcpus_[number].get();
  }
  return nullptr;
}

int64_t Machine::switchOnByGuest(Cell& cell, uint64_t mpidr, uint64_t entry, uint64_t context) {
  Vcpu* target = cellCpu(cell, mpidr);
  if (target == nullptr) return kPsciDenied;
  std::lock_guard<std::mutex> lock(powerMutex_);
  // While the cell is being parked the caller is about to stop: nobody sees this result.
  if (cell.halted || target->power != PowerState::kOff) return kPsciAlreadyOn;
  switchOn(*target, entry, context);
  events_.cellChanged(cell.config.id);
  return kPsciSuccess;
}

int64_t Machine::affinityInfo(const Cell& cell, uint64_t mpidr) {
  Vcpu* target = cellCpu(cell, mpidr);
  if (target == nullptr) return kAffinityUnknown;
  std::lock_guard<std::mutex> lock(powerMutex_);
  return target->power == PowerState::kOff ? kAffinityOff : kAffinityOn;
}

void Machine::failCpu(Vcpu& vcpu) {
  Cell& owner = vcpu.cell();
  {
    std::lock_guard<std::mutex> lock(powerMutex_);
    // Parked from outside at the same moment: that clears the mark, whatever the order.
    if (vcpu.power != PowerState::kRunning) return;
    vcpu.power = PowerState::kFailed;
    gic_.stopCpu(vcpu.number());
    const bool allFailed = std::all_of(owner.config.cpus.begin(), owner.config.cpus.end(),
                                       [this](unsigned cpu) { return vcpus_[cpu]->power == PowerState::kFailed; });
    if (allFailed) owner.comm.setWord(CommPage::kCellStateOffset, CommPage::kStateFailed);
  }
  events_.cpuFailed(vcpu.number(), owner.config.id);
}

}  // namespace cellvisor::machine
