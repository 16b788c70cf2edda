#pragma once

#include <pthread.h>

#include <memory>
#include <mutex>

namespace cellvisor::syscalls {

/**
 * Lets one thread end a system call that another one waits in, as a signal from a terminal would: the call gives EINTR.
 * Always held by a shared_ptr, as whoever interrupts may outlast the call.
 */
class Interruption : public std::enable_shared_from_this<Interruption> {
 public:
  /** Before the call, by its thread. False: it was interrupted before, and must not be made. */
  bool enter();
  /** Behind the call, by its thread. */
  void leave();
  /** By any thread, at any time. Does not wait. */
  void interrupt();

 private:
  void signalUntilLeft();

  std::mutex lock_;
  bool isWanted_ = false;
  bool isInside_ = false;
  pthread_t thread_ = {};
};

}  // namespace cellvisor::syscalls
