#include "machine/uart/uart.h"

#include <algorithm>

#include "machine/uart/imx.h"
#include "machine/uart/lpuart.h"
#include "machine/uart/pl011.h"

namespace cellvisor::machine {

namespace {

/** Registers are words: narrower accesses reach the low bytes only, as the peripheral buses of these chips allow. */
bool isRegisterAccess(uint64_t offset, unsigned sizeBytes) { return sizeBytes <= 4 && (offset & 3) == 0; }

}  // namespace

std::unique_ptr<Uart> Uart::create(const UartDescription& description, UartWiring wiring) {
  switch (description.kind) {
    case UartKind::kImx:
      return std::make_unique<ImxUart>(description, std::move(wiring));
    case UartKind::kLpuart:
      return std::make_unique<Lpuart>(description, std::move(wiring));
    case UartKind::kPl011:
      return std::make_unique<Pl011>(description, std::move(wiring));
  }
  throw RangeViolation("unknown UART kind");
}

Uart::Uart(const UartDescription& description, UartWiring wiring)
    : description_(description), wiring_(std::move(wiring)) {}

bool Uart::read(uint64_t offset, unsigned sizeBytes, uint64_t& value) {
  if (!isRegisterAccess(offset, sizeBytes)) return false;
  std::lock_guard<std::mutex> lock(mutex_);
  uint32_t word = 0;
  if (!readRegister(static_cast<uint32_t>(offset), word)) return false;
  value = sizeBytes == 4 ? word : word & ((1u << (8 * sizeBytes)) - 1);
  updateLine();
  return true;
}

bool Uart::write(uint64_t offset, unsigned sizeBytes, uint64_t value) {
  if (!isRegisterAccess(offset, sizeBytes)) return false;
  std::lock_guard<std::mutex> lock(mutex_);
  if (!writeRegister(static_cast<uint32_t>(offset), static_cast<uint32_t>(value))) return false;
  updateLine();
  return true;
}

size_t Uart::receive(const uint8_t* bytes, size_t length) {
  std::lock_guard<std::mutex> lock(mutex_);
  size_t taken = 0;
  while (taken < length && receiveByte(bytes[taken])) taken++;
  updateLine();
  return taken;
}

void Uart::transmitText(std::string_view text) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (const char character : text) log_.append(static_cast<uint8_t>(character));
  wiring_.transmitted();
}

Uart::LogSlice Uart::log(uint64_t from) {
  std::lock_guard<std::mutex> lock(mutex_);
  LogSlice slice;
  slice.start = std::min(std::max(from, log_.start()), log_.end());
  slice.end = log_.end();
  slice.bytes = log_.copyFrom(slice.start);
  return slice;
}

void Uart::transmit(uint8_t byte) {
  log_.append(byte);
  wiring_.transmitted();
}

void Uart::updateLine() {
  const bool level = interruptLevel();
  if (level == line_) return;
  line_ = level;
  wiring_.interruptLine(level);
}

}  // namespace cellvisor::machine
