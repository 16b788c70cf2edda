#pragma once

#include "machine/uart/receive_fifo.h"
#include "machine/uart/uart.h"

namespace cellvisor::machine {

/**
 * i.MX UART (i.MX 8M Mini reference manual, chapter UART; jailhouse-hypervisor reference 12.5). It starts as boot firmware
 * leaves a console: enabled, 8 bits, transmitter and receiver on.
 */
class ImxUart final : public Uart {
 public:
  ImxUart(const UartDescription& description, UartWiring wiring) : Uart(description, std::move(wiring)) {}

 protected:
  bool readRegister(uint32_t offset, uint32_t& value) override;
  bool writeRegister(uint32_t offset, uint32_t value) override;
  bool receiveByte(uint8_t byte) override;
  bool interruptLevel() const override;

 private:
  uint32_t status1() const;
  uint32_t status2() const;
  uint32_t testStatus() const;
  bool receiverReady() const;
  void reset();

  uint32_t ucr1_ = 0x1;     ///< UARTEN
  uint32_t ucr2_ = 0x4027;  ///< IRTS, WS, TXEN, RXEN, SRST released
  uint32_t ucr3_ = 0x704;
  uint32_t ucr4_ = 0x8000;
  uint32_t ufcr_ = 0xa81;  ///< receive trigger level 1
  uint32_t uesc_ = 0x2b;
  uint32_t utim_ = 0;
  uint32_t ubir_ = 0;
  uint32_t ubmr_ = 0;
  uint32_t onems_ = 0;
  uint32_t uts_ = 0;
  uint32_t umcr_ = 0;
  bool ageing_ = false;
  ReceiveFifo<32> fifo_;
};

}  // namespace cellvisor::machine
