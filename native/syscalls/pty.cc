#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>

#include <cerrno>

#include "syscalls/descriptor.h"
#include "syscalls/napi.h"
#include "syscalls/operations.h"

namespace syscalls {
namespace {

/// A raw pseudo-terminal. Both ends are returned: the caller keeps the terminal end open so that the other end stays
/// readable while nobody is attached.
napi_value openPty(napi_env env, napi_callback_info) {
  Descriptor master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (!master || ::grantpt(master.get()) < 0 || ::unlockpt(master.get()) < 0) return makeNumber(env, -errno);
  char path[128];
  int failed = ::ptsname_r(master.get(), path, sizeof path);
  if (failed != 0) return makeNumber(env, -failed);
  Descriptor terminal(::open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  termios settings = {};
  if (!terminal || ::tcgetattr(terminal.get(), &settings) < 0) return makeNumber(env, -errno);
  ::cfmakeraw(&settings);
  if (::tcsetattr(terminal.get(), TCSANOW, &settings) < 0) return makeNumber(env, -errno);

  napi_value object = nullptr;
  check(env, napi_create_object(env, &object));
  setProperty(env, object, "path", makeString(env, path));
  setProperty(env, object, "master", makeNumber(env, master.get()));
  setProperty(env, object, "terminal", makeNumber(env, terminal.get()));
  master.release();
  terminal.release();
  return object;
}

/// Drops what was written to the pseudo-terminal and not read by anybody yet.
napi_value discardUnread(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  return makeNumber(env, ::tcflush(arguments.descriptor(0), TCIFLUSH) < 0 ? -errno : 0);
}

}  // namespace

void definePty(napi_env env, napi_value exports) {
  defineFunction(env, exports, "openPty", guarded<openPty>);
  defineFunction(env, exports, "discardUnread", guarded<discardUnread>);
}

}  // namespace syscalls
