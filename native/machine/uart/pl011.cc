#include "machine/uart/pl011.h"

#include <array>

namespace cellvisor::machine {

namespace {

enum Offset : uint32_t {
  kDr = 0x00, kRsr = 0x04, kFr = 0x18, kIlpr = 0x20, kIbrd = 0x24, kFbrd = 0x28, kLcrh = 0x2c, kCr = 0x30, kIfls = 0x34,
  kImsc = 0x38, kRis = 0x3c, kMis = 0x40, kIcr = 0x44, kDmacr = 0x48, kPeriphId0 = 0xfe0, kCellId3 = 0xffc,
};

constexpr uint32_t kFrRxEmpty = 1u << 4, kFrRxFull = 1u << 6, kFrTxEmpty = 1u << 7;
constexpr uint32_t kLcrhFifos = 1u << 4;
constexpr uint32_t kCrEnable = 1u << 0, kCrTransmit = 1u << 8, kCrReceive = 1u << 9;
constexpr uint32_t kIrqReceive = 1u << 4, kIrqTransmit = 1u << 5, kIrqReceiveTimeout = 1u << 6;

/** UARTPeriphID0..3 and UARTPCellID0..3 of r1p5 (DDI 0183 3.3.14 on). */
constexpr std::array<uint32_t, 8> kIdentification = {0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1};

}  // namespace

size_t Pl011::receiveTrigger() const {
  if (!(lineControl_ & kLcrhFifos)) return 1;
  static constexpr std::array<size_t, 8> kEighths = {1, 2, 4, 6, 7, 7, 7, 7};
  return 32 * kEighths[(fifoLevels_ >> 3) & 7] / 8;
}

uint32_t Pl011::flags() const {
  return kFrTxEmpty | (fifo_.empty() ? kFrRxEmpty : 0) | (fifo_.full() ? kFrRxFull : 0);
}

uint32_t Pl011::rawInterrupts() const {
  const bool receive = fifo_.count() >= receiveTrigger();
  const bool timeout = !fifo_.empty() && (latched_ & kIrqReceiveTimeout);
  return (latched_ & kIrqTransmit) | (receive ? kIrqReceive : 0) | (timeout ? kIrqReceiveTimeout : 0);
}

bool Pl011::readRegister(uint32_t offset, uint32_t& value) {
  if (offset >= kPeriphId0 && offset <= kCellId3) {
    value = kIdentification[(offset - kPeriphId0) / 4];
    return true;
  }
  switch (offset) {
    case kDr: value = fifo_.empty() ? 0 : fifo_.pop(); return true;
    case kRsr: value = 0; return true;
    case kFr: value = flags(); return true;
    case kIlpr: value = lowPower_; return true;
    case kIbrd: value = integerBaud_; return true;
    case kFbrd: value = fractionalBaud_; return true;
    case kLcrh: value = lineControl_; return true;
    case kCr: value = control_; return true;
    case kIfls: value = fifoLevels_; return true;
    case kImsc: value = interruptMask_; return true;
    case kRis: value = rawInterrupts(); return true;
    case kMis: value = rawInterrupts() & interruptMask_; return true;
    case kIcr: value = 0; return true;  // write only
    case kDmacr: value = dmaControl_; return true;
    default: return false;
  }
}

bool Pl011::writeRegister(uint32_t offset, uint32_t value) {
  if (offset >= kPeriphId0 && offset <= kCellId3) return true;  // read only
  switch (offset) {
    case kDr:
      if ((control_ & kCrEnable) && (control_ & kCrTransmit)) {
        transmit(static_cast<uint8_t>(value));
        // The character leaves at once, so the FIFO passes its trigger level again.
        latched_ |= kIrqTransmit;
      }
      return true;
    case kRsr: case kFr: case kRis: case kMis: return true;  // error clear; read only
    case kIlpr: lowPower_ = value & 0xff; return true;
    case kIbrd: integerBaud_ = value & 0xffff; return true;
    case kFbrd: fractionalBaud_ = value & 0x3f; return true;
    case kLcrh: lineControl_ = value & 0xff; return true;
    case kCr: control_ = value & 0xff87; return true;
    case kIfls: fifoLevels_ = value & 0x3f; return true;
    case kImsc: interruptMask_ = value & 0x7ff; return true;
    case kIcr: latched_ &= ~value; return true;
    case kDmacr: dmaControl_ = value & 7; return true;
    default: return false;
  }
}

bool Pl011::receiveByte(uint8_t byte) {
  if (!(control_ & kCrEnable) || !(control_ & kCrReceive) || fifo_.full()) return false;
  fifo_.push(byte);
  // The line falls silent after each byte as far as the guest can tell, so the timeout comes at once.
  latched_ |= kIrqReceiveTimeout;
  return true;
}

bool Pl011::interruptLevel() const { return (rawInterrupts() & interruptMask_) != 0; }

}  // namespace cellvisor::machine
