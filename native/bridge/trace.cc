#include "trace.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>

#include "own.h"
#include "real.h"
#include "settings.h"

namespace bridge::trace {
namespace {

/// Opened for each line: a program may close descriptors that it does not know. A line is written at once, so that those of
/// several processes do not mix.
void append(const char* line, size_t length) {
  BRIDGE_REAL(open);
  BRIDGE_REAL(write);
  BRIDGE_REAL(close);
  int before = errno;
  int fd = real_open(settings().trace.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (fd >= 0) {
    ssize_t ignored = real_write(fd, line, length);
    (void)ignored;
    real_close(fd);
  }
  errno = before;
}

long threadId() {
  BRIDGE_REAL(syscall);
  return real_syscall(SYS_gettid);
}

}  // namespace

bool isOn() { return !settings().trace.empty(); }

void record(const std::string& call, long result, const std::string& data) {
  if (!isOn()) return;
  std::string line = std::to_string(::getpid()) + "/" + std::to_string(threadId()) + " " + call + " = ";
  if (result < 0 && result > -4096) {
    const char* name = errorName(static_cast<int>(-result));
    line += name == nullptr ? "error " + std::to_string(-result) : name;
  } else {
    line += result > 0xffff ? number(static_cast<unsigned long>(result)) : std::to_string(result);
  }
  if (!data.empty()) line += " " + data;
  line += "\n";
  append(line.data(), line.size());
}

void recordRegister(const char* path, bool isWrite, uint32_t offset, uint32_t value, int error) {
  if (!isOn()) return;
  char line[256];
  int length = std::snprintf(line, sizeof line, "%d/%ld %s(%s, 0x%x%s", ::getpid(), threadId(),
                             isWrite ? "write32" : "read32", path, offset, isWrite ? "" : ")");
  size_t used = static_cast<size_t>(length);
  if (isWrite) used += static_cast<size_t>(std::snprintf(line + used, sizeof line - used, ", 0x%x)", value));
  if (const char* name = errorName(-error); error < 0 && name != nullptr) {
    used += static_cast<size_t>(std::snprintf(line + used, sizeof line - used, " = %s\n", name));
  } else if (error < 0) {
    used += static_cast<size_t>(std::snprintf(line + used, sizeof line - used, " = error %d\n", -error));
  } else {
    used += static_cast<size_t>(std::snprintf(line + used, sizeof line - used, " = 0x%x\n", isWrite ? 0 : value));
  }
  append(line, used);
}

/// Not instrumented: the argument of JAILHOUSE_ENABLE goes as far as it can be read, see calls/ioctl.cc.
__attribute__((no_sanitize("address"))) std::string hex(const void* bytes, size_t length) {
  constexpr char kDigits[] = "0123456789abcdef";
  const auto* from = static_cast<const uint8_t*>(bytes);
  size_t significant = length;
  while (significant > 0 && from[significant - 1] == 0) --significant;
  constexpr size_t kShownZeroes = 32;
  if (length - significant <= kShownZeroes) significant = length;
  std::string text;
  text.reserve(significant * 2 + 32);
  for (size_t i = 0; i < significant; ++i) text.append({kDigits[from[i] >> 4], kDigits[from[i] & 15]});
  if (significant < length) text += "(+" + std::to_string(length - significant) + " zero)";
  return text;
}

std::string quoted(const char* text) { return "\"" + std::string(text == nullptr ? "" : text) + "\""; }

std::string number(unsigned long value) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%lx", value);
  return text;
}

std::string file(int fd, const std::string& path) { return std::to_string(fd) + "<" + path + ">"; }

}  // namespace bridge::trace
