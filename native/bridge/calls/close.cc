#include <unistd.h>

#include <cerrno>

#include "descriptor.h"
#include "real.h"
#include "trace.h"

/// The kernel closes by itself; here, it is only written down.
BRIDGE_EXPORT int close(int fd) {
  BRIDGE_REAL(close);
  if (!bridge::trace::isOn()) return real_close(fd);
  bridge::Descriptor file = bridge::describe(fd);
  int result = real_close(fd);
  if (file) bridge::trace::record("close(" + bridge::trace::file(fd, file.path) + ")", result < 0 ? -errno : result);
  return result;
}
