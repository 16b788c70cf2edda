#pragma once

#include "machine/uart/receive_fifo.h"
#include "machine/uart/uart.h"

namespace cellvisor::machine {

/**
 * i.MX LPUART (i.MX 8QuadXPlus reference manual, chapter LPUART; jailhouse-hypervisor reference 12.5). Starts with
 * transmitter and receiver on, as boot firmware leaves a console.
 */
class Lpuart final : public Uart {
 public:
  Lpuart(const UartDescription& description, UartWiring wiring) : Uart(description, std::move(wiring)) {}

 protected:
  bool readRegister(uint32_t offset, uint32_t& value) override;
  bool writeRegister(uint32_t offset, uint32_t value) override;
  bool receiveByte(uint8_t byte) override;
  bool interruptLevel() const override;

 private:
  uint32_t status() const;
  uint32_t waterMark() const;
  bool receiverFull() const;

  uint32_t global_ = 0;
  uint32_t pinConfig_ = 0;
  uint32_t baud_ = 0x0f000004;
  uint32_t control_ = 0x000c0000;  ///< TE, RE
  uint32_t match_ = 0;
  uint32_t modemIrda_ = 0;
  uint32_t fifoControl_ = 0;
  uint32_t water_ = 0;
  ReceiveFifo<64> fifo_;
};

}  // namespace cellvisor::machine
