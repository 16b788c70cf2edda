#pragma once

#include <sys/uio.h>

#include <string>

namespace bridge::trace {

/// Whether CELLVISOR_TRACE asks for one.
bool isOn();

/// Appends a line to the trace: process, thread, the call, its result.
/// @param result what the call gave: not negative, or a negative errno
void record(const std::string& call, long result, const std::string& data = "");

/// For register accesses, which happen in a signal handler: without memory of its own.
void recordRegister(const char* path, bool isWrite, uint32_t offset, uint32_t value, int error);

/// Bytes as hexadecimal digits. Zeroes at the end are counted.
std::string hex(const void* bytes, size_t length);
/// A path or another text in quotes.
std::string quoted(const char* text);
/// `0x1f`
std::string number(unsigned long value);
/// `21</dev/uio0>`
std::string file(int fd, const std::string& path);

}  // namespace bridge::trace
