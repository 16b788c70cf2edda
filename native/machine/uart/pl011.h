#pragma once

#include "machine/uart/receive_fifo.h"
#include "machine/uart/uart.h"

namespace cellvisor::machine {

/** Arm PrimeCell UART PL011 r1p5 (Arm DDI 0183), enabled as boot firmware leaves a console. */
class Pl011 final : public Uart {
 public:
  Pl011(const UartDescription& description, UartWiring wiring) : Uart(description, std::move(wiring)) {}

 protected:
  bool readRegister(uint32_t offset, uint32_t& value) override;
  bool writeRegister(uint32_t offset, uint32_t value) override;
  bool receiveByte(uint8_t byte) override;
  bool interruptLevel() const override;

 private:
  uint32_t flags() const;
  uint32_t rawInterrupts() const;
  size_t receiveTrigger() const;

  uint32_t lineControl_ = 0x70;  ///< 8 bits, FIFOs on
  uint32_t control_ = 0x301;     ///< UARTEN, TXE, RXE
  uint32_t integerBaud_ = 0;
  uint32_t fractionalBaud_ = 0;
  uint32_t lowPower_ = 0;
  uint32_t fifoLevels_ = 0x12;
  uint32_t interruptMask_ = 0;
  uint32_t dmaControl_ = 0;
  /** Interrupts that hold until they are cleared (transmit, receive timeout). */
  uint32_t latched_ = 0;
  ReceiveFifo<32> fifo_;
};

}  // namespace cellvisor::machine
