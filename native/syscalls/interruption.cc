#include "syscalls/interruption.h"

#include <signal.h>

#include <chrono>
#include <system_error>
#include <thread>

namespace cellvisor::syscalls {
namespace {

/** A signal that neither Node nor V8 uses. */
int wakingSignal() { return SIGRTMAX - 3; }

/** A handler that does nothing, without SA_RESTART: that is what ends a call. */
void installHandler() {
  static std::once_flag once;
  std::call_once(once, [] {
    struct sigaction action = {};
    action.sa_handler = [](int) {};
    ::sigaction(wakingSignal(), &action, nullptr);
  });
}

}  // namespace

bool Interruption::enter() {
  installHandler();
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, wakingSignal());
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  std::lock_guard<std::mutex> guard(lock_);
  isInside_ = !isWanted_;
  thread_ = ::pthread_self();
  return isInside_;
}

void Interruption::leave() {
  std::lock_guard<std::mutex> guard(lock_);
  isInside_ = false;
}

void Interruption::interrupt() {
  {
    std::lock_guard<std::mutex> guard(lock_);
    if (isWanted_) return;
    isWanted_ = true;
    if (!isInside_) return;
  }
  try {
    std::thread([self = shared_from_this()] { self->signalUntilLeft(); }).detach();
  } catch (const std::system_error&) {
    signalUntilLeft();
  }
}

/** A signal that comes just before the call is lost, so there is another one, until the thread is out of it. */
void Interruption::signalUntilLeft() {
  constexpr std::chrono::milliseconds kPause(2);
  for (;;) {
    {
      std::lock_guard<std::mutex> guard(lock_);
      if (!isInside_) return;
      ::pthread_kill(thread_, wakingSignal());
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace cellvisor::syscalls
