#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>

#include <cerrno>
#include <vector>

#include "board/calls.h"
#include "descriptor.h"
#include "faults.h"
#include "own.h"
#include "real.h"
#include "settings.h"
#include "trace.h"

namespace bridge {
namespace {

/// A wait at the board that stands for one descriptor of the program's.
struct Wait {
  size_t index;
  int socket;
  Descriptor file;
};

/// poll(2) in which the board's devices take part: the board answers once they are readable, and the kernel waits for its
/// answer. Descriptors of other files are waited for as they are.
class BoardPoll {
 public:
  BoardPoll(pollfd* entries, nfds_t count) : entries_(entries), copies_(entries, entries + count) {}
  BoardPoll(const BoardPoll&) = delete;
  ~BoardPoll() {
    for (Wait& wait : waits_) {
      Answer ignored;
      connection::finish(wait.socket, ignored, true);
    }
  }

  /// @returns 0 or a negative errno
  int begin() {
    for (size_t i = 0; i < copies_.size(); ++i) {
      Descriptor file = describe(copies_[i].fd);
      if (file.kind != Descriptor::Kind::device) continue;
      if (int error = faults::errorOf("poll", file.path)) return -error;
      int socket = board::beginPoll(file.file);
      if (socket < 0) return socket;
      waits_.push_back({i, socket, file});
      copies_[i].fd = socket;
      copies_[i].events = POLLIN;
    }
    return 0;
  }

  bool isNeeded() const { return !waits_.empty(); }
  pollfd* entries() { return copies_.data(); }
  nfds_t count() const { return copies_.size(); }

  /// Fills in what the program sees. @returns how many of its descriptors have events
  int end() {
    for (Wait& wait : waits_) {
      pollfd& copy = copies_[wait.index];
      bool isReady = copy.revents != 0;
      Answer answer;
      int error = connection::finish(wait.socket, answer, !isReady);
      // What a cancelled wait has found out meanwhile will be found again.
      short found = error < 0 ? POLLERR : static_cast<short>(answer.u32(0));
      copy.revents = isReady ? static_cast<short>(found & (entries_[wait.index].events | POLLERR)) : short{0};
      if (trace::isOn()) {
        trace::record("poll(" + trace::file(entries_[wait.index].fd, wait.file.path) + ")", copy.revents);
      }
    }
    waits_.clear();
    int ready = 0;
    for (size_t i = 0; i < copies_.size(); ++i) {
      entries_[i].revents = copies_[i].revents;
      if (copies_[i].revents != 0) ++ready;
    }
    return ready;
  }

 private:
  pollfd* entries_;
  std::vector<pollfd> copies_;
  std::vector<Wait> waits_;
};

int pollWith(pollfd* entries, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  BRIDGE_REAL(ppoll);
  if (!isActive()) return real_ppoll(entries, count, timeout, mask);
  BoardPoll wait(entries, count);
  if (int error = wait.begin(); error < 0) return asLibc(error);
  if (!wait.isNeeded()) return real_ppoll(entries, count, timeout, mask);
  int ready = real_ppoll(wait.entries(), wait.count(), timeout, mask);
  int before = errno;
  if (ready >= 0) return wait.end();
  errno = before;
  return ready;
}

struct Set {
  fd_set* bits;
  short events;
  short results;
};

/// select(2) by way of poll: the same waits, told in another way.
int selectWith(int limit, fd_set* reading, fd_set* writing, fd_set* exceptions, const timespec* timeout,
               const sigset_t* mask) {
  const Set sets[] = {{reading, POLLIN, POLLIN | POLLHUP | POLLERR},
                      {writing, POLLOUT, POLLOUT | POLLERR},
                      {exceptions, POLLPRI, POLLPRI}};
  std::vector<pollfd> entries;
  for (int fd = 0; fd < limit; ++fd) {
    short events = 0;
    for (const Set& set : sets) {
      if (set.bits != nullptr && FD_ISSET(fd, set.bits)) events = static_cast<short>(events | set.events);
    }
    if (events != 0) entries.push_back({fd, events, 0});
  }
  int ready = pollWith(entries.data(), entries.size(), timeout, mask);
  if (ready < 0) return ready;
  int found = 0;
  for (const pollfd& entry : entries) {
    if ((entry.revents & POLLNVAL) != 0) return asLibc(-EBADF);
    for (const Set& set : sets) {
      if (set.bits == nullptr || !FD_ISSET(entry.fd, set.bits)) continue;
      bool isReady = (entry.revents & set.results) != 0 && (entry.events & set.events) != 0;
      if (isReady) ++found;
      else FD_CLR(entry.fd, set.bits);
    }
  }
  return found;
}

bool hasDevice(int limit, const fd_set* set) {
  for (int fd = 0; set != nullptr && fd < limit; ++fd) {
    if (FD_ISSET(fd, set) && describe(fd).kind == Descriptor::Kind::device) return true;
  }
  return false;
}

bool isForUs(int limit, const fd_set* reading, const fd_set* writing, const fd_set* exceptions) {
  return isActive() && (hasDevice(limit, reading) || hasDevice(limit, writing) || hasDevice(limit, exceptions));
}

}  // namespace
}  // namespace bridge

BRIDGE_EXPORT int poll(pollfd* entries, nfds_t count, int timeoutMs) {
  timespec timeout = {timeoutMs / 1000, timeoutMs % 1000 * 1000000L};
  return bridge::pollWith(entries, count, timeoutMs < 0 ? nullptr : &timeout, nullptr);
}

BRIDGE_EXPORT int ppoll(pollfd* entries, nfds_t count, const timespec* timeout, const sigset_t* mask) {
  return bridge::pollWith(entries, count, timeout, mask);
}

// What programs built with _FORTIFY_SOURCE call; the last argument is the size of the array.
extern "C" int __poll_chk(pollfd* entries, nfds_t count, int timeoutMs, size_t room);
extern "C" int __ppoll_chk(pollfd* entries, nfds_t count, const timespec* timeout, const sigset_t* mask, size_t room);

BRIDGE_EXPORT int __poll_chk(pollfd* entries, nfds_t count, int timeoutMs, size_t) {
  return poll(entries, count, timeoutMs);
}

BRIDGE_EXPORT int __ppoll_chk(pollfd* entries, nfds_t count, const timespec* timeout, const sigset_t* mask, size_t) {
  return ppoll(entries, count, timeout, mask);
}

BRIDGE_EXPORT int select(int limit, fd_set* reading, fd_set* writing, fd_set* exceptions, timeval* timeout) {
  BRIDGE_REAL(select);
  if (!bridge::isForUs(limit, reading, writing, exceptions)) {
    return real_select(limit, reading, writing, exceptions, timeout);
  }
  timespec precise = {};
  if (timeout != nullptr) precise = {timeout->tv_sec, timeout->tv_usec * 1000};
  return bridge::selectWith(limit, reading, writing, exceptions, timeout == nullptr ? nullptr : &precise, nullptr);
}

BRIDGE_EXPORT int pselect(int limit, fd_set* reading, fd_set* writing, fd_set* exceptions, const timespec* timeout,
                          const sigset_t* mask) {
  BRIDGE_REAL(pselect);
  return bridge::isForUs(limit, reading, writing, exceptions)
             ? bridge::selectWith(limit, reading, writing, exceptions, timeout, mask)
             : real_pselect(limit, reading, writing, exceptions, timeout, mask);
}

/// The jailhouse driver cannot be waited for this way on a board either; for UIO devices, this is a limit of the bridge.
BRIDGE_EXPORT int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) noexcept {
  BRIDGE_REAL(epoll_ctl);
  bridge::Descriptor file = bridge::isActive() ? bridge::describe(fd) : bridge::Descriptor{};
  if (file.kind != bridge::Descriptor::Kind::device) return real_epoll_ctl(epoll, operation, fd, event);
  if (file.path != "/dev/jailhouse") bridge::complain("epoll on a UIO device is not supported: use poll or select");
  return bridge::asLibc(-EPERM);
}
