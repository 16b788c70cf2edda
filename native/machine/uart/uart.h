#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "machine/config.h"
#include "machine/uart/byte_log.h"

namespace cellvisor::machine {

/** What a UART needs from the board. Both are called with the UART's lock held. */
struct UartWiring {
  std::function<void(bool level)> interruptLine;
  std::function<void()> transmitted;
};

/**
 * A UART as guests see it: 32-bit registers, a transmitter that is always ready and fills a log, a receive FIFO.
 * Register accesses come from vCPU threads, input and the log from JavaScript's thread: one lock per UART
 * (taken before the GIC's).
 */
class Uart {
 public:
  static std::unique_ptr<Uart> create(const UartDescription& description, UartWiring wiring);
  virtual ~Uart() = default;
  Uart(const Uart&) = delete;
  Uart& operator=(const Uart&) = delete;

  const UartDescription& description() const { return description_; }

  /** False when no register answers: the caller raises an external abort. */
  bool read(uint64_t offset, unsigned sizeBytes, uint64_t& value);
  bool write(uint64_t offset, unsigned sizeBytes, uint64_t value);

  /** Puts bytes into the receive FIFO; returns how many fitted. */
  size_t receive(const uint8_t* bytes, size_t length);
  /** The hypervisor's own output, which uses the transmitter as the firmware left it. */
  void transmitText(std::string_view text);

  struct LogSlice {
    uint64_t start = 0;
    uint64_t end = 0;
    std::vector<uint8_t> bytes;
  };
  LogSlice log(uint64_t from);

 protected:
  Uart(const UartDescription& description, UartWiring wiring);

  virtual bool readRegister(uint32_t offset, uint32_t& value) = 0;
  virtual bool writeRegister(uint32_t offset, uint32_t value) = 0;
  /** False when the FIFO is full or the receiver is off. */
  virtual bool receiveByte(uint8_t byte) = 0;
  virtual bool interruptLevel() const = 0;

  void transmit(uint8_t byte);

 private:
  void updateLine();

  UartDescription description_;
  UartWiring wiring_;
  std::mutex mutex_;
  ByteLog log_;
  bool line_ = false;
};

}  // namespace cellvisor::machine
