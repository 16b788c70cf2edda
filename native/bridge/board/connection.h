#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>

namespace bridge {

/// Operation codes of docs/wire.md.
enum class Operation : uint16_t {
  hello = 0x01,
  cancel = 0x02,
  open = 0x10,
  ioctl = 0x12,
  read = 0x13,
  readFile = 0x14,
  readDirectory = 0x15,
  stat = 0x16,
  mapMemory = 0x17,
  mapRegisters = 0x18,
  readRegister = 0x19,
  writeRegister = 0x1a,
  poll = 0x1b,
  setNonBlocking = 0x1c,
};

/// What a request was answered with. Small answers need no memory: register accesses happen in a signal handler.
class Answer {
 public:
  Answer() = default;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer();

  /// Room for a payload; nullptr when there is no memory.
  uint8_t* reserve(size_t length);

  const uint8_t* data() const { return large_ != nullptr ? large_ : small_; }
  size_t size() const { return size_; }
  uint32_t u32(size_t offset) const;
  uint64_t u64(size_t offset) const;

 private:
  uint8_t small_[64];
  uint8_t* large_ = nullptr;
  size_t size_ = 0;
};

/// Connections to the board and requests over them. All functions give 0 or a negative errno, and can be called by any
/// number of threads, in signal handlers and after fork(2): a request has a connection to itself while it waits.
namespace connection {

/// A request and its answer over a connection that nobody else uses meanwhile.
/// @param endsWithSignal a signal handler that ran meanwhile, without SA_RESTART, ends the call with EINTR
int request(Operation operation, const iovec* payload, int count, Answer& answer, bool endsWithSignal = false);

/// A connection of its own, which its descriptor alone keeps alive. @returns the descriptor
int connect(bool closesOnExec);
int requestOn(int socket, Operation operation, const iovec* payload, int count, Answer& answer);

/// The two halves of a request, for a wait on several of them: `begin` gives a descriptor that is readable once the answer
/// is there, `finish` takes the answer, after it has cancelled the call when `isCancelled`.
int begin(Operation operation, const iovec* payload, int count);
int finish(int socket, Answer& answer, bool isCancelled);

}  // namespace connection
}  // namespace bridge
