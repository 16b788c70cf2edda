#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "machine/memory/mapping.h"

namespace cellvisor::machine {

/** Everything a transmitter ever sent, by absolute offset; only the newest bytes are kept. Not thread safe. */
class ByteLog {
 public:
  static constexpr uint64_t kCapacityBytes = uint64_t{4} << 20;

  ByteLog() : ring_(kCapacityBytes) {}

  void append(uint8_t byte) { ring_.data()[end_++ % kCapacityBytes] = byte; }

  uint64_t end() const { return end_; }
  uint64_t start() const { return end_ > kCapacityBytes ? end_ - kCapacityBytes : 0; }

  /** Bytes from absolute offset `from` (which must lie between start and end) to the end. */
  std::vector<uint8_t> copyFrom(uint64_t from) const {
    std::vector<uint8_t> bytes(end_ - from);
    uint64_t done = 0;
    while (done < bytes.size()) {
      const uint64_t index = (from + done) % kCapacityBytes;
      const uint64_t count = std::min<uint64_t>(bytes.size() - done, kCapacityBytes - index);
      std::memcpy(bytes.data() + done, ring_.data() + index, count);
      done += count;
    }
    return bytes;
  }

 private:
  Mapping ring_;
  uint64_t end_ = 0;
};

}  // namespace cellvisor::machine
