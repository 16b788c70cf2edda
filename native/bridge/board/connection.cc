#include "board/connection.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "own.h"
#include "real.h"
#include "settings.h"

namespace bridge {
namespace {

constexpr uint32_t kMagic = 0x53564c43;
constexpr uint32_t kVersion = 1;
constexpr uint32_t kMaxPayload = 128u << 20;
/// One request at a time is on a connection, so that they can all have the same numbers.
constexpr uint32_t kRequestId = 1;
constexpr uint32_t kCancelId = 2;
constexpr int kMaxPieces = 64;
/// Descriptors of ours are out of the way of a program that counts its own.
constexpr int kFirstDescriptor = 700;

struct Header {
  uint32_t length;
  uint32_t id;
  uint16_t operation;
  uint16_t error;
};
static_assert(sizeof(Header) == 12, "the header of docs/wire.md");

/// Connections that wait for their next request, as descriptor and inode in one word; 0: an empty place. The inode tells
/// whether a descriptor is still ours: programs close what they have not opened, and then its number is another file's.
using Idle = std::atomic<uint64_t>;
constexpr int kInodeBits = 40;
constexpr uint64_t kInodeMask = (uint64_t{1} << kInodeBits) - 1;
Idle idle[16];

uint64_t pack(int socket, uint64_t inode) { return static_cast<uint64_t>(socket) << kInodeBits | (inode & kInodeMask); }
int socketOf(uint64_t packed) { return static_cast<int>(packed >> kInodeBits); }

uint64_t inodeOf(int fd) {
  struct stat status = {};
  return statusOf(fd, status) == 0 && S_ISSOCK(status.st_mode) ? status.st_ino : 0;
}

bool isStillOurs(uint64_t packed) { return pack(socketOf(packed), inodeOf(socketOf(packed))) == packed; }

int takeIdle() {
  for (Idle& place : idle) {
    uint64_t packed = place.exchange(0);
    if (packed != 0 && isStillOurs(packed)) return socketOf(packed);
  }
  return -1;
}

void giveBack(int socket) {
  uint64_t packed = pack(socket, inodeOf(socket));
  for (Idle& place : idle) {
    uint64_t empty = 0;
    if (place.compare_exchange_strong(empty, packed)) return;
  }
  closeOwn(socket);
}

/// After a fork, the connections are the parent's: whatever is sent on them would mix with its requests.
void forgetAfterFork() {
  for (Idle& place : idle) {
    uint64_t packed = place.exchange(0);
    if (packed != 0 && isStillOurs(packed)) closeOwn(socketOf(packed));
  }
}

__attribute__((constructor)) void watchForks() { pthread_atfork(nullptr, nullptr, forgetAfterFork); }

/// By system call: it may read more of a caller's memory than the caller has allocated, as a driver does that does not know
/// its size. A sanitizer's sendmsg(2) would object.
ssize_t sendPieces(int socket, const msghdr& message) {
  BRIDGE_REAL(syscall);
  return real_syscall(SYS_sendmsg, socket, &message, MSG_NOSIGNAL);
}

int sendAll(int socket, iovec* pieces, int count) {
  msghdr message = {};
  message.msg_iov = pieces;
  message.msg_iovlen = static_cast<size_t>(count);
  while (message.msg_iovlen > 0) {
    ssize_t sent = sendPieces(socket, message);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return -errno;
    size_t left = static_cast<size_t>(sent);
    while (message.msg_iovlen > 0 && left >= message.msg_iov->iov_len) {
      left -= message.msg_iov->iov_len;
      ++message.msg_iov;
      --message.msg_iovlen;
    }
    if (message.msg_iovlen > 0) {
      message.msg_iov->iov_base = static_cast<uint8_t*>(message.msg_iov->iov_base) + left;
      message.msg_iov->iov_len -= left;
    }
  }
  return 0;
}

int sendFrame(int socket, Operation operation, uint32_t id, const iovec* payload, int count) {
  if (count >= kMaxPieces) return -E2BIG;
  Header header = {0, id, static_cast<uint16_t>(operation), 0};
  iovec pieces[kMaxPieces] = {{&header, sizeof header}};
  uint64_t length = 0;
  for (int i = 0; i < count; ++i) {
    pieces[i + 1] = payload[i];
    length += payload[i].iov_len;
  }
  if (length > kMaxPayload) return -EFBIG;
  header.length = static_cast<uint32_t>(length);
  return sendAll(socket, pieces, count + 1);
}

int sendCancel(int socket) {
  uint32_t id = kRequestId;
  iovec piece = {&id, sizeof id};
  return sendFrame(socket, Operation::cancel, kCancelId, &piece, 1);
}

int receiveAll(int socket, void* bytes, size_t length, bool* wasInterrupted) {
  size_t done = 0;
  while (done < length) {
    ssize_t received = ::recv(socket, static_cast<uint8_t*>(bytes) + done, length - done, 0);
    if (received == 0) return -ECONNRESET;
    if (received < 0 && errno != EINTR) return -errno;
    if (received < 0) {
      if (wasInterrupted == nullptr || *wasInterrupted) continue;
      *wasInterrupted = true;
      if (int error = sendCancel(socket); error < 0) return error;
    } else {
      done += static_cast<size_t>(received);
    }
  }
  return 0;
}

/// @param isLost set when there is no sense in using the connection again
int receiveAnswer(int socket, Answer& answer, bool endsWithSignal, bool& isLost) {
  Header header = {};
  bool wasInterrupted = false;
  isLost = true;
  int error = receiveAll(socket, &header, sizeof header, endsWithSignal ? &wasInterrupted : nullptr);
  if (error < 0) return error;
  if (header.length > kMaxPayload) return -EPROTO;
  uint8_t* room = answer.reserve(header.length);
  if (room == nullptr) return -ENOMEM;
  error = receiveAll(socket, room, header.length, nullptr);
  if (error < 0) return error;
  isLost = false;
  return -static_cast<int>(header.error);
}

/// The board went away, or its process was never there: for a program, the device is gone.
int lost(int error) {
  static std::atomic<bool> wasSaid{false};
  if (!wasSaid.exchange(true)) {
    complain(error == -EPROTONOSUPPORT ? "the running board is of another version"
                                       : "the emulated board is not running (CELLVISOR_BRIDGE_SOCKET)");
  }
  return -ENODEV;
}

bool isLoss(int error) { return error == -EPIPE || error == -ECONNRESET || error == -ENOTCONN; }

/// Out of the way of the program's own descriptors, as far as its limit allows.
int moveAway(int socket) {
  BRIDGE_REAL(fcntl);
  int moved = real_fcntl(socket, F_DUPFD_CLOEXEC, kFirstDescriptor);
  if (moved < 0) return socket;
  closeOwn(socket);
  return moved;
}

int takeConnection(bool mayBeIdle, bool& wasIdle) {
  int socket = mayBeIdle ? takeIdle() : -1;
  wasIdle = socket >= 0;
  if (wasIdle) return socket;
  socket = connection::connect(true);
  return socket < 0 ? socket : moveAway(socket);
}

}  // namespace

Answer::~Answer() { std::free(large_); }

uint8_t* Answer::reserve(size_t length) {
  size_ = length;
  std::free(large_);
  large_ = nullptr;
  if (length <= sizeof small_) return small_;
  large_ = static_cast<uint8_t*>(std::malloc(length));
  return large_;
}

uint32_t Answer::u32(size_t offset) const {
  uint32_t value = 0;
  if (offset + sizeof value <= size_) std::memcpy(&value, data() + offset, sizeof value);
  return value;
}

uint64_t Answer::u64(size_t offset) const {
  uint64_t value = 0;
  if (offset + sizeof value <= size_) std::memcpy(&value, data() + offset, sizeof value);
  return value;
}

namespace connection {

int connect(bool closesOnExec) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string& path = settings().socket;
  if (path.size() >= sizeof address.sun_path) return -ENAMETOOLONG;
  std::memcpy(address.sun_path, path.data(), path.size());
  int socket = ::socket(AF_UNIX, SOCK_STREAM | (closesOnExec ? SOCK_CLOEXEC : 0), 0);
  if (socket < 0) return -errno;
  int result = 0;
  do {
    result = ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
  } while (result < 0 && errno == EINTR);
  Answer answer;
  uint32_t hello[2] = {kMagic, kVersion};
  iovec piece = {hello, sizeof hello};
  int error = result < 0 ? -errno : requestOn(socket, Operation::hello, &piece, 1, answer);
  if (error == 0) return socket;
  closeOwn(socket);
  return lost(error);
}

int requestOn(int socket, Operation operation, const iovec* payload, int count, Answer& answer) {
  bool isLost = false;
  int error = sendFrame(socket, operation, kRequestId, payload, count);
  return error < 0 ? error : receiveAnswer(socket, answer, false, isLost);
}

int request(Operation operation, const iovec* payload, int count, Answer& answer, bool endsWithSignal) {
  // An idle connection may be one to a board that has gone: then once more, with a new one.
  for (bool mayBeIdle : {true, false}) {
    bool wasIdle = false;
    int socket = takeConnection(mayBeIdle, wasIdle);
    if (socket < 0) return socket;
    bool isLost = false;
    int error = sendFrame(socket, operation, kRequestId, payload, count);
    if (error == 0) error = receiveAnswer(socket, answer, endsWithSignal, isLost);
    else isLost = true;
    if (!isLost) {
      giveBack(socket);
      return error;
    }
    closeOwn(socket);
    if (!isLoss(error)) return error;
    if (!wasIdle) return lost(error);
  }
  return lost(-ECONNRESET);
}

int begin(Operation operation, const iovec* payload, int count) {
  for (bool mayBeIdle : {true, false}) {
    bool wasIdle = false;
    int socket = takeConnection(mayBeIdle, wasIdle);
    if (socket < 0) return socket;
    int error = sendFrame(socket, operation, kRequestId, payload, count);
    if (error == 0) return socket;
    closeOwn(socket);
    if (!isLoss(error) || !wasIdle) return isLoss(error) ? lost(error) : error;
  }
  return lost(-ECONNRESET);
}

int finish(int socket, Answer& answer, bool isCancelled) {
  bool isLost = false;
  int error = isCancelled ? sendCancel(socket) : 0;
  if (error == 0) error = receiveAnswer(socket, answer, false, isLost);
  else isLost = true;
  if (isLost) closeOwn(socket);
  else giveBack(socket);
  return isLoss(error) ? lost(error) : error;
}

}  // namespace connection
}  // namespace bridge
