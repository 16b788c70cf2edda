#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace cellvisor::machine {

class Vcpu;

/**
 * Memory by virtual address, as EL1 on a CPU that does not execute sees it: through its stage-1 tables when its MMU is on,
 * then through the cell's stage 2. What stage 1 permits does not count, as with a debugger on hardware; what stage 2 permits
 * does: the rest is not the cell's. Devices are not accessed, for looking at them may change them.
 */
std::vector<uint8_t> readGuest(Vcpu& vcpu, uint64_t address, size_t length);

/** False, and nothing is written, unless all of it can be. */
bool writeGuest(Vcpu& vcpu, uint64_t address, const uint8_t* bytes, size_t length);

}  // namespace cellvisor::machine
