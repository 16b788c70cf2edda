#include "registers/signal.h"

#include <atomic>
#include <cerrno>

#include "own.h"
#include "real.h"

namespace bridge::registers {
namespace {

std::atomic<bool (*)(siginfo_t*, void*)> handler{nullptr};
/// What the program has set for SIGSEGV, or found when it started. Read in the signal handler.
struct sigaction program = {};

void restoreDefault() {
  BRIDGE_REAL(sigaction);
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  real_sigaction(SIGSEGV, &action, nullptr);
}

void passOn(int signal, siginfo_t* info, void* context) {
  struct sigaction action = program;
  bool isPlain = (action.sa_flags & SA_SIGINFO) == 0;
  // A fault cannot be ignored: the kernel ends the process, too. The instruction faults again, or the sender's signal comes
  // again, and then nobody catches it.
  if (isPlain && (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN)) {
    if (action.sa_handler == SIG_IGN && info->si_code <= 0) return;
    restoreDefault();
    if (info->si_code <= 0) ::raise(signal);
    return;
  }
  if ((action.sa_flags & static_cast<int>(SA_RESETHAND)) != 0) program.sa_handler = SIG_DFL;
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &action.sa_mask, &before);
  if (isPlain) action.sa_handler(signal);
  else action.sa_sigaction(signal, info, context);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void onFault(int signal, siginfo_t* info, void* context) {
  int before = errno;
  auto isHandled = handler.load();
  bool done = info->si_code > 0 && isHandled != nullptr && isHandled(info, context);
  errno = before;
  if (!done) passOn(signal, info, context);
}

}  // namespace

void watchFaults(bool (*isHandled)(siginfo_t* info, void* context)) {
  BRIDGE_REAL(sigaction);
  if (handler.exchange(isHandled) != nullptr) return;
  struct sigaction action = {};
  action.sa_sigaction = onFault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  real_sigaction(SIGSEGV, &action, &program);
}

}  // namespace bridge::registers

namespace {

bool isOurs(int signal) { return signal == SIGSEGV && bridge::registers::handler.load() != nullptr; }

}  // namespace

BRIDGE_EXPORT int sigaction(int signal, const struct sigaction* action, struct sigaction* before) noexcept {
  BRIDGE_REAL(sigaction);
  if (!isOurs(signal)) return real_sigaction(signal, action, before);
  struct sigaction previous = bridge::registers::program;
  if (action != nullptr) bridge::registers::program = *action;
  if (before != nullptr) *before = previous;
  return 0;
}

BRIDGE_EXPORT sighandler_t signal(int number, sighandler_t handler) noexcept {
  BRIDGE_REAL(signal);
  if (!isOurs(number)) return real_signal(number, handler);
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  struct sigaction before = {};
  sigaction(number, &action, &before);
  return before.sa_handler;
}
