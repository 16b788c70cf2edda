#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

/// Device registers that a program has mapped: pages that it must not touch, so that each access comes to the bridge, which
/// does it at the board, with its value and in its order, and lets the program go on behind the instruction.
namespace bridge::registers {

/// A mapping of registers. @returns its address, or a negative errno
intptr_t map(void* wanted, size_t length, int protection, int flags, int fd, uint32_t file, const std::string& path,
             uint64_t offset);

/// The program has unmapped, or mapped something else over, a range of addresses.
void forget(void* address, size_t length);

}  // namespace bridge::registers
