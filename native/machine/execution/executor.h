#pragma once

#include <cstdint>

namespace cellvisor::machine {

class Vcpu;

/** Decides when vCPUs execute, and what time it is: by the host's clock (real) or by counting instructions (virtual). */
class Executor {
 public:
  virtual ~Executor() = default;

  /** Board time, in nanoseconds since construction. Any thread. */
  virtual uint64_t nowNs() const = 0;
  /** Board time as the vCPU sees it; on the thread that executes it. */
  virtual uint64_t nowNs(Vcpu& vcpu) const = 0;

  /** The vCPU belongs to a cell from now on. */
  virtual void add(Vcpu& vcpu) = 0;
  /** The vCPU is parked and leaves its cell: afterwards no thread touches it. */
  virtual void remove(Vcpu& vcpu) = 0;
  /** `vcpu.power` became kRunning. With the power lock held. */
  virtual void switchedOn(Vcpu& vcpu) = 0;
  /** A debugger lets the vCPU go on. With the power lock held. */
  virtual void resumed(Vcpu& vcpu) = 0;

  /** WFI: returns when an interrupt came, or with the core's stop requested. On the thread that executes it. */
  virtual void wait(Vcpu& vcpu) = 0;
  /** WFE: a short rest, in which others may do what the guest waits for. On the thread that executes it. */
  virtual void pause(Vcpu& vcpu) = 0;
  /** Ends the wait. Any thread, with any lock but the executor's own held. */
  virtual void wake(Vcpu& vcpu) = 0;
  /** The vCPU wrote a timer register. On the thread that executes it. */
  virtual void deadlineChanged(Vcpu& vcpu) = 0;

  virtual unsigned threadCount() const = 0;
};

}  // namespace cellvisor::machine
