#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "napi/value.h"
#include "syscalls/descriptor.h"
#include "syscalls/operations.h"

namespace cellvisor::syscalls {

using napi::Arguments;
using napi::defineFunction;
using napi::guarded;

namespace {

/** A stream socket that is connected to the one with that path. */
napi_value connectSocket(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  const std::string path = arguments.at(0, "path").string();
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return napi::makeNumber(env, -ENAMETOOLONG);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) {
    return napi::makeNumber(env, -errno);
  }
  return napi::makeNumber(env, socket.release());
}

}  // namespace

void defineConnect(napi_env env, napi_value exports) {
  defineFunction(env, exports, "connectSocket", guarded<connectSocket>);
}

}  // namespace cellvisor::syscalls
