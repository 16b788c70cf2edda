#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>

#include "machine/config.h"
#include "machine/uart/uart.h"

namespace cellvisor::machine {

/**
 * The hypervisor's console: a ring in memory (jailhouse-abi reference 6.1) and a debug UART. One call is one piece of text
 * that no other CPU's output interrupts. Locked before the UARTs.
 */
class HypervisorConsole {
 public:
  static constexpr size_t kRingBytes = 2048;

  explicit HypervisorConsole(std::function<void()> changed) : changed_(std::move(changed)) {}

  /** `debugUart` may be nullptr. The ring starts empty. */
  void configure(Newline newline, Uart* debugUart, bool fillRing);
  /** `\n` line ends; the UART gets them as the release writes them, the ring gets the text as it is. */
  void write(std::string_view text);

  struct Snapshot {
    uint32_t tail = 0;
    std::array<uint8_t, kRingBytes> content{};
  };
  Snapshot snapshot();

 private:
  void writeUart(std::string_view text);

  std::function<void()> changed_;
  std::mutex mutex_;
  Newline newline_ = Newline::kLfCr;
  Uart* debugUart_ = nullptr;
  bool fillRing_ = false;
  Snapshot ring_;
};

}  // namespace cellvisor::machine
