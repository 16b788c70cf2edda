#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "machine/bus/bus.h"
#include "machine/config.h"
#include "machine/cpu/environment.h"
#include "machine/events/event_queue.h"
#include "machine/exit_counters.h"
#include "machine/gic/cpu_interface.h"
#include "machine/gic/distributor.h"
#include "machine/gic/injection_queue.h"
#include "machine/gic/partition.h"
#include "machine/gic/redistributor.h"
#include "machine/mmio.h"

namespace cellvisor::machine::gic {

/** A CPU that can be interrupted. Called with the GIC's lock held, from any thread. */
class InterruptTarget {
 public:
  virtual ~InterruptTarget() = default;
  virtual void setIrqLine(bool level) = 0;
  /** A physical interrupt arrived: ends a WFI even if the guest masks what it became. */
  virtual void wake() = 0;
};

/**
 * The board's GICv3 together with what the hypervisor does about interrupts (jailhouse-hypervisor reference 4): physical
 * interrupts are acknowledged as they come and put into the list registers of the CPU they are routed to. One lock for all
 * of it; it is taken after the power, PCI, UART and timer locks, and before the event queue's and the vCPUs' sleep locks.
 */
class Gic {
 public:
  Gic(const GicDescription& description, const std::vector<CpuDescription>& cpus, std::vector<ExitCounters>& counters,
      EventQueue& events);

  // Interrupt sources.
  void setSpiWire(unsigned intid, bool level);
  /** GICD_ISPENDR, as the hypervisor uses it for virtual PCI devices. */
  void setSpiPending(unsigned intid);
  void setPpiWire(unsigned cpu, unsigned intid, bool level);
  /** A write of ICC_SGI1R_EL1 on `cpu`: reaches CPUs of the same cell only. */
  void sendSgi(unsigned cpu, const Partition& partition, uint64_t value);

  // The guest's side.
  uint64_t readIcc(unsigned cpu, IccRegister reg);
  void writeIcc(unsigned cpu, IccRegister reg, uint64_t value);
  bool hasPendingInterrupt(unsigned cpu);

  // Trapped frames, with the rules of a cell. Offsets are relative to gicdBase and gicrBase.
  bool isDistributor(uint64_t address, unsigned sizeBytes) const;
  bool isRedistributor(uint64_t address, unsigned sizeBytes) const;
  MmioResult cellRead(const Partition& partition, uint64_t address, unsigned sizeBytes, uint64_t& value);
  MmioResult cellWrite(const Partition& partition, uint64_t address, unsigned sizeBytes, uint64_t value, std::string& cause);

  // Hypervisor life.
  void enable(const Partition& root, unsigned maintenanceIntid, bool typerUpperHalf);
  void disable();
  /** SPIs go to the cell; those routed elsewhere are re-routed to its first CPU. */
  void addCell(const Partition& partition);
  /** SPIs go back to root, masked. */
  void removeCell(const Partition& partition);
  /** Cell start: SPIs disabled and deactivated (reference 4.5). */
  void maskSpis(const Partition& partition);
  /** State at CPU reset; from now on the CPU takes interrupts. */
  void startCpu(unsigned cpu, InterruptTarget& target);
  void stopCpu(unsigned cpu);
  /** The core was reset after startCpu: tell it the line's level again. */
  void resendLine(unsigned cpu);

  void attachTo(Bus& bus);

 private:
  struct CpuState {
    CpuState(unsigned cpu, uint64_t mpidr, bool isLast) : affinity(mpidr & kAffinityMask), redistributor(cpu, mpidr, isLast) {}
    uint64_t affinity;
    Redistributor redistributor;
    CpuInterface interface;
    /** What did not fit into the list registers. */
    InjectionQueue queue;
    bool underflowInterrupt = false;
    bool line = false;
    InterruptTarget* target = nullptr;
  };

  uint64_t redistributorRead(const Partition& partition, uint64_t offset, unsigned sizeBytes);
  void redistributorWrite(const Partition& partition, uint64_t offset, unsigned sizeBytes, uint64_t value);
  void raiseForRoot(unsigned intid);
  void deliverBank(unsigned bank);
  void deliverAll();
  void deliverPpis(unsigned cpu);
  void takeInterrupt(CpuState& cpu, InterruptBank& bank, unsigned bit, unsigned intid);
  void deactivate(unsigned cpu, unsigned intid);
  void drainQueue(CpuState& cpu);
  void updateLine(CpuState& cpu);
  void exit(unsigned cpu, ExitReason reason);
  int cpuByAffinity(uint64_t affinity) const;
  unsigned firstCpu(uint64_t cpuMask) const;
  bool isRoots(unsigned intid) const { return !((cellIntids_[intid / 32] >> (intid % 32)) & 1); }

  const GicDescription description_;
  std::vector<ExitCounters>& counters_;
  EventQueue& events_;
  std::mutex mutex_;
  Distributor distributor_;
  std::vector<CpuState> cpus_;
  /** Physical frames as a passed-through page reaches them. */
  std::vector<std::unique_ptr<BusDevice>> frames_;
  /** SPIs of all cells but root. */
  IntidSet cellIntids_{};
  bool enabled_ = false;
  uint64_t rootCpus_ = 0;
  unsigned maintenanceIntid_ = 0;
  bool typerUpperHalf_ = false;
};

}  // namespace cellvisor::machine::gic
