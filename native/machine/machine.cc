#include "machine/machine.h"

#include <cerrno>
#include <thread>

#include "machine/execution/real_executor.h"
#include "machine/execution/virtual_executor.h"
#include "machine/memory/guest_copy.h"

namespace cellvisor::machine {

namespace {

/** A UART's registers on the bus. */
class UartWindow final : public BusDevice {
 public:
  explicit UartWindow(Uart& uart) : uart_(uart) {}
  bool busRead(uint64_t offset, unsigned sizeBytes, uint64_t& value) override { return uart_.read(offset, sizeBytes, value); }
  bool busWrite(uint64_t offset, unsigned sizeBytes, uint64_t value) override { return uart_.write(offset, sizeBytes, value); }

 private:
  Uart& uart_;
};

const BoardDescription& checked(const BoardDescription& board) {
  if (board.cpus.empty() || board.cpus.size() > kMaxCpus) throw RangeViolation("a board has 1 to 64 CPUs");
  if (board.counterFrequencyHz == 0 || board.counterFrequencyHz > UINT32_MAX) {
    throw RangeViolation("counterFrequencyHz must fit into CNTFRQ_EL0");
  }
  for (const UartDescription& uart : board.uarts) {
    if (uart.intid < kFirstSpi || uart.intid >= kFirstSpi + board.gic.spiCount) {
      throw RangeViolation("interrupt of UART " + uart.name + " is not an SPI of the board");
    }
  }
  return board;
}

}  // namespace

Machine::Machine(const BoardDescription& board, std::function<void()> notifyEvents)
    : board_(checked(board)),
      events_(board.uarts.size(), std::move(notifyEvents)),
      ram_(board.ram),
      console_([this] { events_.consoleChanged(); }),
      bus_(console_),
      counters_(board.cpus.size()),
      gic_(board.gic, board.cpus, counters_, events_),
      pci_(gic_, ram_) {
  gic_.attachTo(bus_);
  for (size_t index = 0; index < board.uarts.size(); index++) {
    const UartDescription& description = board.uarts[index];
    UartWiring wiring;
    wiring.interruptLine = [this, intid = description.intid](bool level) { gic_.setSpiWire(intid, level); };
    wiring.transmitted = [this, index] { events_.uartChanged(index); };
    uarts_.push_back(Uart::create(description, std::move(wiring)));
    uartWindows_.push_back(std::make_unique<UartWindow>(*uarts_.back()));
    bus_.attach(description.physStart, description.sizeBytes, uartWindows_.back().get());
  }
  for (unsigned cpu = 0; cpu < board.cpus.size(); cpu++) {
    const CpuIdentity identity{board.cpus[cpu].mpidr, board.cpus[cpu].midr, board.counterFrequencyHz};
    vcpus_.push_back(std::make_unique<Vcpu>(*this, cpu, identity));
    vcpus_.back()->power = PowerState::kRunning;
  }
  if (board.virtualClock) {
    auto executor = std::make_unique<VirtualExecutor>(*this, board.cpus.size());
    virtualExecutor_ = executor.get();
    executor_ = std::move(executor);
  } else {
    executor_ = std::make_unique<RealExecutor>(*this, board.cpus.size());
  }
}

Machine::~Machine() {
  while (!cells_.empty()) destroyCell(cells_.begin()->first);
  executor_.reset();
  if (root_ != nullptr) pci_.detach(root_->devices);
}

Uart& Machine::uart(const std::string& name) {
  for (const auto& uart : uarts_) {
    if (uart->description().name == name) return *uart;
  }
  throw RangeViolation("no UART is called " + name);
}

bool Machine::physicalRead(uint64_t physical, unsigned sizeBytes, uint64_t& value) {
  const uint8_t* host = ram_.find(physical, sizeBytes);
  if (host == nullptr) return bus_.read(physical, sizeBytes, value);
  value = 0;
  copyFromGuest(reinterpret_cast<uint8_t*>(&value), host, sizeBytes);
  return true;
}

bool Machine::physicalWrite(uint64_t physical, unsigned sizeBytes, uint64_t value) {
  uint8_t* host = ram_.find(physical, sizeBytes);
  if (host == nullptr) return bus_.write(physical, sizeBytes, value);
  copyToGuest(host, reinterpret_cast<const uint8_t*>(&value), sizeBytes);
  return true;
}

int64_t Machine::hypervisorInfo(uint64_t type) const {
  return type < hypervisorInfo_.size() ? static_cast<int64_t>(hypervisorInfo_[type].load()) : -EINVAL;
}

void Machine::setHypervisorInfo(const std::vector<uint32_t>& values) {
  if (values.size() != hypervisorInfo_.size()) throw RangeViolation("hypervisor info has five values");
  for (size_t type = 0; type < values.size(); type++) hypervisorInfo_[type].store(values[type]);
}

PowerState Machine::cpuState(unsigned cpu) {
  if (cpu >= vcpus_.size()) throw RangeViolation("no such CPU");
  // A vCPU thread may ask too: it has nobody to make way for.
  std::lock_guard<std::mutex> lock(powerMutex_);
  return vcpus_[cpu]->power;
}

void Machine::yieldToControl(std::unique_lock<std::mutex>& lock) {
  if (controlWaiters_.load() == 0) return;
  lock.unlock();
  while (controlWaiters_.load() != 0) std::this_thread::yield();
  lock.lock();
}

}  // namespace cellvisor::machine
