#include "machine/console/hypervisor_console.h"

namespace cellvisor::machine {

void HypervisorConsole::configure(Newline newline, Uart* debugUart, bool fillRing) {
  std::lock_guard<std::mutex> lock(mutex_);
  newline_ = newline;
  debugUart_ = debugUart;
  fillRing_ = fillRing;
  ring_ = Snapshot();
}

void HypervisorConsole::write(std::string_view text) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (fillRing_) {
      for (const char character : text) ring_.content[ring_.tail++ % kRingBytes] = static_cast<uint8_t>(character);
    }
    if (debugUart_ != nullptr) writeUart(text);
  }
  changed_();
}

void HypervisorConsole::writeUart(std::string_view text) {
  const std::string_view lineEnd = newline_ == Newline::kLfCr ? "\n\r" : "\r\n";
  while (!text.empty()) {
    const size_t length = text.find('\n');
    debugUart_->transmitText(text.substr(0, length));
    if (length == std::string_view::npos) return;
    debugUart_->transmitText(lineEnd);
    text.remove_prefix(length + 1);
  }
}

HypervisorConsole::Snapshot HypervisorConsole::snapshot() {
  std::lock_guard<std::mutex> lock(mutex_);
  return ring_;
}

}  // namespace cellvisor::machine
