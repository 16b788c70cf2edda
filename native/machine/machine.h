#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "machine/bus/bus.h"
#include "machine/cell.h"
#include "machine/config.h"
#include "machine/console/hypervisor_console.h"
#include "machine/debug/debugger.h"
#include "machine/events/event_queue.h"
#include "machine/execution/executor.h"
#include "machine/exit_counters.h"
#include "machine/gic/gic.h"
#include "machine/memory/ram.h"
#include "machine/pci/host.h"
#include "machine/uart/uart.h"
#include "machine/vcpu.h"

namespace cellvisor::machine {

class VirtualExecutor;

/**
 * An emulated board with the part of the hypervisor that guests can reach. The methods under "JavaScript's thread" are what
 * src/native/machine.ts describes; they throw RangeViolation and BrokenPromise. Guests execute on other threads, which never
 * wait for JavaScript's.
 *
 * Locks, outermost first: console; power; virtual PCI, UART; timer thread, timers; GIC; then, as leaves, event queue and
 * sleep. Nobody takes a lock that comes before one it holds.
 */
class Machine {
 public:
  Machine(const BoardDescription& board, std::function<void()> notifyEvents);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // JavaScript's thread: physical memory and devices.
  const Ram& ram() const { return ram_; }
  Uart& uart(const std::string& name);
  const Uart& uart(size_t index) const { return *uarts_[index]; }

  // JavaScript's thread: hypervisor life (machine_life.cc).
  void enable(const HypervisorConfig& config);
  void disable();
  void createCell(const CellConfig& config);
  void parkCell(uint32_t cellId);
  void startCell(uint32_t cellId, uint64_t entry, const uint8_t* commBytes, size_t commLength);
  void destroyCell(uint32_t cellId);
  Cell& cell(uint32_t cellId);
  bool isRoot(const Cell& cell) const { return &cell == root_.get(); }
  void setHypervisorInfo(const std::vector<uint32_t>& values);

  // JavaScript's thread: the root cell (machine_root.cc).
  void countRootExit(unsigned cpu, ExitReason reason);
  uint64_t rootRead(unsigned cpu, uint64_t address, unsigned sizeBytes);
  void rootWrite(unsigned cpu, uint64_t address, unsigned sizeBytes, uint64_t value);

  uint64_t nowNs() const { return executor_->nowNs(); }
  /** nullptr with the real clock. */
  VirtualExecutor* virtualExecutor() { return virtualExecutor_; }
  unsigned threadCount() const { return executor_->threadCount(); }
  Debugger& debugger() { return debugger_; }

  // Any thread.
  size_t cpuCount() const { return vcpus_.size(); }
  PowerState cpuState(unsigned cpu);
  ExitCounters& counters(unsigned cpu) { return counters_[cpu]; }
  EventQueue& events() { return events_; }
  HypervisorConsole& console() { return console_; }

  // vCPU threads.
  gic::Gic& gic() { return gic_; }
  pci::Host& pci() { return pci_; }
  Bus& bus() { return bus_; }
  Executor& executor() { return *executor_; }
  Vcpu& vcpu(unsigned cpu) { return *vcpus_[cpu]; }
  const Traits& traits() const { return hypervisor_.traits; }
  bool physicalRead(uint64_t physical, unsigned sizeBytes, uint64_t& value);
  bool physicalWrite(uint64_t physical, unsigned sizeBytes, uint64_t value);
  /** The result of hypercall HYPERVISOR_GET_INFO. */
  int64_t hypervisorInfo(uint64_t type) const;
  /** A violation: the CPU is parked and marked; the cell's state becomes failed when all its CPUs are. */
  void failCpu(Vcpu& vcpu);
  /** PSCI CPU_ON and AFFINITY_INFO: their results. */
  int64_t switchOnByGuest(Cell& cell, uint64_t mpidr, uint64_t entry, uint64_t context);
  int64_t affinityInfo(const Cell& cell, uint64_t mpidr);

  /** Guards the power state of all vCPUs. JavaScript's thread takes it with a ControlLock. */
  std::mutex& powerMutex() { return powerMutex_; }
  /** Lets JavaScript's thread have the power lock first, if it waits for it. */
  void yieldToControl(std::unique_lock<std::mutex>& lock);

 private:
  friend class ControlLock;

  void requireEnabled() const;
  gic::Partition partitionOf(const CellConfig& config) const;
  void checkNewCell(const CellConfig& config) const;
  void stopCell(Cell& cell, std::unique_lock<std::mutex>& lock);
  void switchOn(Vcpu& vcpu, uint64_t entry, uint64_t context);
  Vcpu* cellCpu(const Cell& cell, uint64_t mpidr);
  void requireRootCpu(unsigned cpu) const;
  [[noreturn]] void failRootCpu(unsigned cpu, const std::string& cause);

  const BoardDescription board_;
  EventQueue events_;
  Ram ram_;
  HypervisorConsole console_;
  Bus bus_;
  std::vector<ExitCounters> counters_;
  gic::Gic gic_;
  pci::Host pci_;
  std::vector<std::unique_ptr<BusDevice>> uartWindows_;
  std::vector<std::unique_ptr<Uart>> uarts_;
  std::vector<std::unique_ptr<Vcpu>> vcpus_;

  bool enabled_ = false;
  HypervisorConfig hypervisor_;
  std::unique_ptr<Cell> root_;
  std::map<uint32_t, std::unique_ptr<Cell>> cells_;
  std::array<std::atomic<uint32_t>, 5> hypervisorInfo_{};

  std::mutex powerMutex_;
  std::atomic<unsigned> controlWaiters_{0};
  Debugger debugger_{*this};

  VirtualExecutor* virtualExecutor_ = nullptr;
  /** Last: its threads use everything above. */
  std::unique_ptr<Executor> executor_;
};

/**
 * The power lock for JavaScript's thread. Threads that take the lock again and again make way for it, so that Node's event
 * loop is not starved.
 */
class ControlLock {
 public:
  explicit ControlLock(Machine& machine) : machine_(machine) {
    machine_.controlWaiters_.fetch_add(1);
    lock_ = std::unique_lock<std::mutex>(machine_.powerMutex_);
  }
  ~ControlLock() {
    lock_.unlock();
    machine_.controlWaiters_.fetch_sub(1);
  }
  ControlLock(const ControlLock&) = delete;
  ControlLock& operator=(const ControlLock&) = delete;

  std::unique_lock<std::mutex>& lock() { return lock_; }

 private:
  Machine& machine_;
  std::unique_lock<std::mutex> lock_;
};

}  // namespace cellvisor::machine
