#pragma once

#include <cstdint>
#include <vector>

#include "machine/cpu/cpu.h"

namespace cellvisor::machine {

/**
 * A CPU's registers as bytes, little-endian, one after the other without gaps: x0..x30, sp, pc (8 bytes each), cpsr in the form
 * of SPSR (4), v0..v31 (16 each), fpsr, fpcr (4 each), then the system registers of kSystemRegisters (8 each).
 * src/gdb/registers.ts has the same list.
 */
constexpr size_t kWritableRegisterBytes = 33 * 8 + 4 + 32 * 16 + 2 * 4;
constexpr size_t kSystemRegisters = 15;
constexpr size_t kRegisterBytes = kWritableRegisterBytes + kSystemRegisters * 8;

std::vector<uint8_t> registerBytes(const Cpu& cpu);

/** System registers are left as they are. False, and nothing is written, for a mode in cpsr that the CPU cannot be in. */
bool setRegisters(Cpu& cpu, const uint8_t* bytes);

}  // namespace cellvisor::machine
