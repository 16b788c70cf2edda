#include "registers/window.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <mutex>

#include "board/calls.h"
#include "own.h"
#include "real.h"
#include "registers/access.h"
#include "registers/signal.h"
#include "settings.h"
#include "trace.h"

namespace bridge::registers {
namespace {

constexpr size_t kLongestPath = 64;
constexpr size_t kWindows = 64;
constexpr size_t kPage = 4096;

/// Read in signal handlers, so `isUsed` is set last and cleared first.
struct Window {
  std::atomic<bool> isUsed{false};
  uintptr_t start = 0;
  size_t length = 0;
  uint32_t file = 0;
  uint64_t offset = 0;
  char path[kLongestPath] = {};
  /// Keeps the file open on the board after the program has closed it.
  int fd = -1;
};

Window windows[kWindows];
std::mutex changes;

Window* find(uintptr_t address) {
  for (Window& window : windows) {
    if (window.isUsed.load() && address >= window.start && address - window.start < window.length) return &window;
  }
  return nullptr;
}

class BoardRegister final : public Target {
 public:
  BoardRegister(const Window& window, uintptr_t address)
      : window_(window), offset_(static_cast<uint32_t>(window.offset + (address - window.start))) {}

  int read(uint32_t& value) override {
    int error = board::readRegister(window_.file, offset_, value);
    trace::recordRegister(window_.path, false, offset_, value, error);
    return error;
  }

  int write(uint32_t value) override {
    int error = board::writeRegister(window_.file, offset_, value);
    trace::recordRegister(window_.path, true, offset_, value, error);
    return error;
  }

 private:
  const Window& window_;
  uint32_t offset_;
};

void complainOf(const Window& window, uintptr_t address, const ucontext_t& context, const char* reason) {
#if defined(__x86_64__)
  auto* code = reinterpret_cast<const uint8_t*>(context.uc_mcontext.gregs[REG_RIP]);
#else
  auto* code = reinterpret_cast<const uint8_t*>(context.uc_mcontext.pc);
#endif
  char text[256];
  std::snprintf(text, sizeof text, "register 0x%zx of %s, instruction %02x %02x %02x %02x at %p: %s",
                static_cast<size_t>(address - window.start), window.path, code[0], code[1], code[2], code[3],
                static_cast<const void*>(code), reason);
  complain(text);
}

/// An access that a board's bus would answer with an error, or that the bridge cannot do: the same to the program.
void busError() { ::raise(SIGBUS); }

bool isHandled(siginfo_t* info, void* raw) {
  auto address = reinterpret_cast<uintptr_t>(info->si_addr);
  Window* window = find(address);
  if (window == nullptr) return false;
  auto& context = *static_cast<ucontext_t*>(raw);
  BoardRegister target(*window, address);
  Outcome outcome = address % sizeof(uint32_t) == 0 ? emulate(context, target) : Outcome::unknown;
  if (outcome == Outcome::done) return true;
  complainOf(*window, address, context,
             outcome == Outcome::refused ? "the board refuses the access"
                                         : "only aligned loads and stores of 32 bits reach registers");
  busError();
  return true;
}

Window* freeWindow() {
  for (Window& window : windows) {
    if (!window.isUsed.load()) return &window;
  }
  return nullptr;
}

void drop(Window& window) {
  window.isUsed.store(false);
  closeOwn(window.fd);
}

}  // namespace

intptr_t map(void* wanted, size_t length, int protection, int flags, int fd, uint32_t file, const std::string& path,
             uint64_t offset) {
  (void)protection;  // the board has checked that the file may be written, as mapping registers is for both
  BRIDGE_REAL(mmap);
  BRIDGE_REAL(fcntl);
  std::lock_guard<std::mutex> guard(changes);
  Window* window = freeWindow();
  if (window == nullptr || path.size() >= kLongestPath) return -ENOMEM;
  constexpr int kPlacement = MAP_FIXED | MAP_FIXED_NOREPLACE;
  int ours = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | (flags & kPlacement);
  void* address = real_mmap(wanted, length, PROT_NONE, ours, -1, 0);
  if (address == MAP_FAILED) return -errno;
  constexpr int kFirstDescriptor = 700;
  int kept = real_fcntl(fd, F_DUPFD_CLOEXEC, kFirstDescriptor);
  if (kept < 0) kept = real_fcntl(fd, F_DUPFD_CLOEXEC, 0);
  window->start = reinterpret_cast<uintptr_t>(address);
  window->length = (length + kPage - 1) & ~(kPage - 1);
  window->file = file;
  window->offset = offset;
  std::strcpy(window->path, path.c_str());
  window->fd = kept;
  window->isUsed.store(true);
  watchFaults(isHandled);
  return reinterpret_cast<intptr_t>(address);
}

void forget(void* address, size_t length) {
  auto start = reinterpret_cast<uintptr_t>(address);
  for (Window& window : windows) {
    // A part of a window stays one: an access to what is not mapped any more still reaches the board.
    if (!window.isUsed.load() || window.start < start || window.start + window.length > start + length + kPage - 1) continue;
    std::lock_guard<std::mutex> guard(changes);
    if (window.isUsed.load()) drop(window);
  }
}

}  // namespace bridge::registers
