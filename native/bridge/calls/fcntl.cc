#include <fcntl.h>

#include <cstdarg>

#include "board/calls.h"
#include "descriptor.h"
#include "own.h"
#include "real.h"
#include "settings.h"
#include "trace.h"

namespace bridge {
namespace {

/// The descriptor has taken the flags; the board has to know of O_NONBLOCK.
int tellFlags(int fd, int flags) {
  Descriptor file = describe(fd);
  if (file.kind != Descriptor::Kind::device) return 0;
  int error = board::setNonBlocking(file.file, (flags & O_NONBLOCK) != 0);
  if (trace::isOn()) {
    trace::record("fcntl(" + trace::file(fd, file.path) + ", F_SETFL, " +
                      trace::number(static_cast<unsigned long>(flags)) + ")", error);
  }
  return error;
}

}  // namespace
}  // namespace bridge

#define BRIDGE_FCNTL(name)                                                                               \
  BRIDGE_EXPORT int name(int fd, int command, ...) {                                                     \
    BRIDGE_REAL(name);                                                                                   \
    va_list list;                                                                                        \
    va_start(list, command);                                                                             \
    void* argument = va_arg(list, void*);                                                                \
    va_end(list);                                                                                        \
    int result = real_##name(fd, command, argument);                                                     \
    if (result < 0 || command != F_SETFL || !bridge::isActive()) return result;                          \
    return bridge::asLibc(bridge::tellFlags(fd, static_cast<int>(reinterpret_cast<intptr_t>(argument)))); \
  }

BRIDGE_FCNTL(fcntl)
BRIDGE_FCNTL(fcntl64)
