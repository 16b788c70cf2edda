#include "machine/uart/imx.h"

namespace cellvisor::machine {

namespace {

enum Offset : uint32_t {
  kUrxd = 0x00, kUtxd = 0x40, kUcr1 = 0x80, kUcr2 = 0x84, kUcr3 = 0x88, kUcr4 = 0x8c, kUfcr = 0x90, kUsr1 = 0x94,
  kUsr2 = 0x98, kUesc = 0x9c, kUtim = 0xa0, kUbir = 0xa4, kUbmr = 0xa8, kUbrc = 0xac, kOnems = 0xb0, kUts = 0xb4,
  kUmcr = 0xb8,
};

constexpr uint32_t kUcr1Enable = 1u << 0, kUcr1TxEmptyIrq = 1u << 6, kUcr1RxReadyIrq = 1u << 9, kUcr1TxReadyIrq = 1u << 13;
constexpr uint32_t kUcr2ResetReleased = 1u << 0, kUcr2RxEnable = 1u << 1, kUcr2TxEnable = 1u << 2, kUcr2AgeingIrq = 1u << 3;
constexpr uint32_t kUcr4DataReadyIrq = 1u << 0, kUcr4TxCompleteIrq = 1u << 3;
constexpr uint32_t kUsr1Ageing = 1u << 8, kUsr1RxReady = 1u << 9, kUsr1TxReady = 1u << 13;
constexpr uint32_t kUsr2DataReady = 1u << 0, kUsr2TxComplete = 1u << 3, kUsr2TxEmpty = 1u << 14;
constexpr uint32_t kUtsRxFull = 1u << 3, kUtsRxEmpty = 1u << 5, kUtsTxEmpty = 1u << 6, kUtsWritable = 0x3e07;
constexpr uint32_t kUrxdReady = 1u << 15;
constexpr uint32_t kUfcrRxTriggerMask = 0x3f;

}  // namespace

bool ImxUart::receiverReady() const {
  const uint32_t trigger = ufcr_ & kUfcrRxTriggerMask;
  return !fifo_.empty() && fifo_.count() >= trigger;
}

/** Transmit bits are constant: the emulated line is infinitely fast, so the transmit FIFO is always empty. */
uint32_t ImxUart::status1() const {
  return 0x40u | kUsr1TxReady | (receiverReady() ? kUsr1RxReady : 0) | (ageing_ && !fifo_.empty() ? kUsr1Ageing : 0);
}

uint32_t ImxUart::status2() const {
  return 0x20u | kUsr2TxEmpty | kUsr2TxComplete | (fifo_.empty() ? 0 : kUsr2DataReady);
}

uint32_t ImxUart::testStatus() const {
  return uts_ | kUtsTxEmpty | (fifo_.empty() ? kUtsRxEmpty : 0) | (fifo_.full() ? kUtsRxFull : 0);
}

bool ImxUart::readRegister(uint32_t offset, uint32_t& value) {
  switch (offset) {
    case kUrxd:
      value = fifo_.empty() ? 0 : kUrxdReady | fifo_.pop();
      return true;
    case kUtxd: value = 0; return true;  // write only
    case kUcr1: value = ucr1_; return true;
    case kUcr2: value = ucr2_; return true;
    case kUcr3: value = ucr3_; return true;
    case kUcr4: value = ucr4_; return true;
    case kUfcr: value = ufcr_; return true;
    case kUsr1: value = status1(); return true;
    case kUsr2: value = status2(); return true;
    case kUesc: value = uesc_; return true;
    case kUtim: value = utim_; return true;
    case kUbir: value = ubir_; return true;
    case kUbmr: value = ubmr_; return true;
    case kUbrc: value = 0x4; return true;
    case kOnems: value = onems_; return true;
    case kUts: value = testStatus(); return true;
    case kUmcr: value = umcr_; return true;
    default: return false;
  }
}

bool ImxUart::writeRegister(uint32_t offset, uint32_t value) {
  switch (offset) {
    case kUrxd: case kUbrc: return true;  // read only
    case kUtxd:
      if ((ucr1_ & kUcr1Enable) && (ucr2_ & kUcr2TxEnable)) transmit(static_cast<uint8_t>(value));
      return true;
    case kUcr1: ucr1_ = value & 0xffff; return true;
    case kUcr2:
      if (!(value & kUcr2ResetReleased)) reset();
      // Software reset completes at once: the bit reads as released again.
      ucr2_ = (value & 0xffff) | kUcr2ResetReleased;
      return true;
    case kUcr3: ucr3_ = value & 0xffff; return true;
    case kUcr4: ucr4_ = value & 0xffff; return true;
    case kUfcr: ufcr_ = value & 0xffff; return true;
    case kUsr1:
      if (value & kUsr1Ageing) ageing_ = false;
      return true;
    case kUsr2: return true;  // the receiver refuses what does not fit, so no error bit is ever set
    case kUesc: uesc_ = value & 0xff; return true;
    case kUtim: utim_ = value & 0xfff; return true;
    case kUbir: ubir_ = value & 0xffff; return true;
    case kUbmr: ubmr_ = value & 0xffff; return true;
    case kOnems: onems_ = value & 0xffffff; return true;
    case kUts:
      if (value & 1) reset();
      uts_ = value & kUtsWritable & ~1u;
      return true;
    case kUmcr: umcr_ = value & 0xffff; return true;
    default: return false;
  }
}

void ImxUart::reset() {
  fifo_.clear();
  ageing_ = false;
}

bool ImxUart::receiveByte(uint8_t byte) {
  if (!(ucr1_ & kUcr1Enable) || !(ucr2_ & kUcr2RxEnable) || fifo_.full()) return false;
  fifo_.push(byte);
  // Characters below the trigger level are announced by the ageing timer, which runs out at once here.
  if (!receiverReady()) ageing_ = true;
  return true;
}

bool ImxUart::interruptLevel() const {
  const uint32_t usr1 = status1();
  const uint32_t usr2 = status2();
  return ((ucr1_ & kUcr1RxReadyIrq) && (usr1 & kUsr1RxReady)) || ((ucr2_ & kUcr2AgeingIrq) && (usr1 & kUsr1Ageing)) ||
         ((ucr4_ & kUcr4DataReadyIrq) && (usr2 & kUsr2DataReady)) || ((ucr1_ & kUcr1TxReadyIrq) && (usr1 & kUsr1TxReady)) ||
         ((ucr1_ & kUcr1TxEmptyIrq) && (usr2 & kUsr2TxEmpty)) || ((ucr4_ & kUcr4TxCompleteIrq) && (usr2 & kUsr2TxComplete));
}

}  // namespace cellvisor::machine
