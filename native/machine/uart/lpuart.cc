#include "machine/uart/lpuart.h"

namespace cellvisor::machine {

namespace {

enum Offset : uint32_t {
  kVerid = 0x00, kParam = 0x04, kGlobal = 0x08, kPincfg = 0x0c, kBaud = 0x10, kStat = 0x14, kCtrl = 0x18, kData = 0x1c,
  kMatch = 0x20, kModir = 0x24, kFifo = 0x28, kWater = 0x2c,
};

constexpr uint32_t kStatTdre = 1u << 23, kStatTc = 1u << 22, kStatRdrf = 1u << 21;
constexpr uint32_t kCtrlTie = 1u << 23, kCtrlTcie = 1u << 22, kCtrlRie = 1u << 21, kCtrlTe = 1u << 19, kCtrlRe = 1u << 18;
constexpr uint32_t kDataRxEmpty = 1u << 12;
/** TXEMPT, RXEMPT are computed; TXFE, RXFE and the interrupt enables are stored. Sizes: 64 entries each (code 5). */
constexpr uint32_t kFifoTxEmpty = 1u << 23, kFifoRxEmpty = 1u << 22, kFifoRxFlush = 1u << 14, kFifoSizes = 0x55,
                   kFifoWritable = 0x0388;

}  // namespace

bool Lpuart::receiverFull() const { return fifo_.count() > ((water_ >> 16) & 0x3f); }

uint32_t Lpuart::status() const {
  return kStatTdre | kStatTc | (receiverFull() ? kStatRdrf : 0);
}

uint32_t Lpuart::waterMark() const { return water_ | (static_cast<uint32_t>(fifo_.count()) << 24); }

bool Lpuart::readRegister(uint32_t offset, uint32_t& value) {
  switch (offset) {
    case kVerid: value = 0x04010003; return true;
    case kParam: value = 0x0606; return true;  // 2^6 entries in each FIFO
    case kGlobal: value = global_; return true;
    case kPincfg: value = pinConfig_; return true;
    case kBaud: value = baud_; return true;
    case kStat: value = status(); return true;
    case kCtrl: value = control_; return true;
    case kData: value = fifo_.empty() ? kDataRxEmpty : fifo_.pop(); return true;
    case kMatch: value = match_; return true;
    case kModir: value = modemIrda_; return true;
    case kFifo: value = fifoControl_ | kFifoSizes | kFifoTxEmpty | (fifo_.empty() ? kFifoRxEmpty : 0); return true;
    case kWater: value = waterMark(); return true;
    default: return false;
  }
}

bool Lpuart::writeRegister(uint32_t offset, uint32_t value) {
  switch (offset) {
    case kVerid: case kParam: return true;  // read only
    case kGlobal:
      global_ = value & 2;
      if (global_ & 2) {
        control_ = 0;
        fifo_.clear();
      }
      return true;
    case kPincfg: pinConfig_ = value & 3; return true;
    case kBaud: baud_ = value; return true;
    case kStat: return true;  // the receiver refuses what does not fit, so no error bit is ever set
    case kCtrl: control_ = value; return true;
    case kData:
      if (control_ & kCtrlTe) transmit(static_cast<uint8_t>(value));
      return true;
    case kMatch: match_ = value & 0x03ff03ff; return true;
    case kModir: modemIrda_ = value; return true;
    case kFifo:
      if (value & kFifoRxFlush) fifo_.clear();
      fifoControl_ = value & kFifoWritable;
      return true;
    case kWater: water_ = value & 0x003f003f; return true;
    default: return false;
  }
}

bool Lpuart::receiveByte(uint8_t byte) {
  if (!(control_ & kCtrlRe) || fifo_.full()) return false;
  fifo_.push(byte);
  return true;
}

bool Lpuart::interruptLevel() const {
  const uint32_t stat = status();
  return ((control_ & kCtrlRie) && (stat & kStatRdrf)) || ((control_ & kCtrlTie) && (stat & kStatTdre)) ||
         ((control_ & kCtrlTcie) && (stat & kStatTc));
}

}  // namespace cellvisor::machine
