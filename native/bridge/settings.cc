#include "settings.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "real.h"

namespace bridge {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

const Settings& settings() {
  // Never freed: destructors of the program may still make calls.
  static const Settings* const all =
      new Settings{variable("CELLVISOR_BRIDGE_SOCKET"), variable("CELLVISOR_TRACE"), variable("CELLVISOR_FAULTS")};
  return *all;
}

void complain(const char* message) {
  BRIDGE_REAL(write);
  constexpr char kPrefix[] = "cellvisor bridge: ";
  ssize_t ignored = real_write(2, kPrefix, sizeof kPrefix - 1);
  ignored = real_write(2, message, std::strlen(message));
  ignored = real_write(2, "\n", 1);
  (void)ignored;
}

namespace {

__attribute__((constructor)) void readEnvironment() { settings(); }

}  // namespace
}  // namespace bridge
