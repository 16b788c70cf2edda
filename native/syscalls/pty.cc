#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>

#include <cerrno>

#include "napi/value.h"
#include "syscalls/descriptor.h"
#include "syscalls/operations.h"

namespace cellvisor::syscalls {

using napi::Arguments;
using napi::defineFunction;
using napi::guarded;

namespace {

/**
 * A raw pseudo-terminal. Both ends are returned: the caller keeps the terminal end open so that the other end stays
 * readable while nobody is attached.
 */
napi_value openPty(napi_env env, napi_callback_info) {
  Descriptor master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (!master || ::grantpt(master.get()) < 0 || ::unlockpt(master.get()) < 0) return napi::makeNumber(env, -errno);
  char path[128];
  int failed = ::ptsname_r(master.get(), path, sizeof path);
  if (failed != 0) return napi::makeNumber(env, -failed);
  Descriptor terminal(::open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  termios settings = {};
  if (!terminal || ::tcgetattr(terminal.get(), &settings) < 0) return napi::makeNumber(env, -errno);
  ::cfmakeraw(&settings);
  if (::tcsetattr(terminal.get(), TCSANOW, &settings) < 0) return napi::makeNumber(env, -errno);

  const napi_value object = napi::makeObject(env);
  napi::set(env, object, "path", napi::makeString(env, path));
  napi::set(env, object, "master", napi::makeNumber(env, master.get()));
  napi::set(env, object, "terminal", napi::makeNumber(env, terminal.get()));
  master.release();
  terminal.release();
  return object;
}

/** Drops what was written to the pseudo-terminal and not read by anybody yet. */
napi_value discardUnread(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  return napi::makeNumber(env, ::tcflush(arguments.at(0, "terminal").fileDescriptor(), TCIFLUSH) < 0 ? -errno : 0);
}

}  // namespace

void definePty(napi_env env, napi_value exports) {
  defineFunction(env, exports, "openPty", guarded<openPty>);
  defineFunction(env, exports, "discardUnread", guarded<discardUnread>);
}

}  // namespace cellvisor::syscalls
