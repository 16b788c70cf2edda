#include "board/calls.h"

#include <fcntl.h>

#include <cerrno>

#include "own.h"

namespace bridge::board {
namespace {

/// As in docs/wire.md: no flag of open(2) has this value.
constexpr uint32_t kShared = 0x80000000;

iovec piece(const void* bytes, size_t length) { return {const_cast<void*>(bytes), length}; }
iovec piece(const std::string& text) { return piece(text.data(), text.size()); }

int requestPath(Operation operation, const std::string& path, Answer& answer) {
  iovec payload = piece(path);
  return connection::request(operation, &payload, 1, answer);
}

uint32_t openFlags(int flags) {
  uint32_t access = (flags & O_ACCMODE) == O_RDONLY ? O_RDONLY : O_RDWR;
  return access | (static_cast<uint32_t>(flags) & O_NONBLOCK);
}

/// A file that this process has open is not open on the board any more: it was reset, or is another one.
int orGone(int error) { return error == -EBADF ? -ENODEV : error; }

struct __attribute__((packed)) Map {
  uint32_t file;
  uint32_t access;
  uint64_t offset;
  uint64_t length;
};

int map(Operation operation, const Map& request, Answer& answer) {
  iovec payload = piece(&request, sizeof request);
  return orGone(connection::request(operation, &payload, 1, answer));
}

}  // namespace

int stat(const std::string& path, Status& status) {
  Answer answer;
  int error = requestPath(Operation::stat, path, answer);
  if (error < 0) return error;
  status = {static_cast<FileKind>(answer.u32(0)), answer.u64(4)};
  return 0;
}

int readFile(const std::string& path, Answer& content) { return requestPath(Operation::readFile, path, content); }

int readDirectory(const std::string& path, std::vector<std::string>& names) {
  Answer answer;
  int error = requestPath(Operation::readDirectory, path, answer);
  if (error < 0) return error;
  const char* text = reinterpret_cast<const char*>(answer.data());
  for (size_t position = 0; position < answer.size();) {
    names.emplace_back(text + position);
    position += names.back().size() + 1;
  }
  return 0;
}

int openShared(int socket, const std::string& path, int flags, uint32_t& file) {
  uint32_t wireFlags = openFlags(flags) | kShared;
  iovec payload[] = {piece(&wireFlags, sizeof wireFlags), piece(path)};
  Answer answer;
  int error = connection::requestOn(socket, Operation::open, payload, 2, answer);
  file = answer.u32(0);
  return error;
}

int tryOpen(const std::string& path, int flags) {
  int socket = connection::connect(true);
  if (socket < 0) return socket;
  uint32_t file = 0;
  int error = openShared(socket, path, flags, file);
  closeOwn(socket);
  return error;
}

int ioctl(uint32_t file, uint32_t request, const iovec* argument, const std::vector<Reference>& references) {
  uint32_t head[5] = {file, request, argument != nullptr,
                      argument == nullptr ? 0 : static_cast<uint32_t>(argument->iov_len),
                      static_cast<uint32_t>(references.size())};
  std::vector<uint32_t> table;
  std::vector<iovec> payload = {piece(head, sizeof head)};
  if (argument != nullptr) payload.push_back(*argument);
  for (const Reference& reference : references) {
    table.push_back(reference.offset);
    table.push_back(static_cast<uint32_t>(reference.buffer.iov_len));
  }
  payload.push_back(piece(table.data(), table.size() * sizeof(uint32_t)));
  for (const Reference& reference : references) payload.push_back(reference.buffer);
  Answer answer;
  int error = connection::request(Operation::ioctl, payload.data(), static_cast<int>(payload.size()), answer, true);
  return error < 0 ? orGone(error) : static_cast<int>(answer.u32(0));
}

int read(uint32_t file, size_t length, Answer& bytes) {
  constexpr size_t kLongest = 1 << 30;
  uint32_t request[2] = {file, static_cast<uint32_t>(length < kLongest ? length : kLongest)};
  iovec payload = piece(request, sizeof request);
  return orGone(connection::request(Operation::read, &payload, 1, bytes, true));
}

int setNonBlocking(uint32_t file, bool nonBlocking) {
  uint32_t request[2] = {file, nonBlocking};
  iovec payload = piece(request, sizeof request);
  Answer answer;
  return orGone(connection::request(Operation::setNonBlocking, &payload, 1, answer));
}

int mapMemory(uint32_t file, uint64_t offset, uint64_t length, bool isWritable, std::string& path, uint64_t& start) {
  Answer answer;
  int error = map(Operation::mapMemory, {file, isWritable, offset, length}, answer);
  if (error < 0) return error;
  start = answer.u64(0);
  path.assign(reinterpret_cast<const char*>(answer.data()) + sizeof start, answer.size() - sizeof start);
  return 0;
}

int mapRegisters(uint32_t file, uint64_t offset, uint64_t length) {
  Answer answer;
  return map(Operation::mapRegisters, {file, 1, offset, length}, answer);
}

int readRegister(uint32_t file, uint32_t offset, uint32_t& value) {
  uint32_t request[2] = {file, offset};
  iovec payload = piece(request, sizeof request);
  Answer answer;
  int error = connection::request(Operation::readRegister, &payload, 1, answer);
  value = answer.u32(0);
  return orGone(error);
}

int writeRegister(uint32_t file, uint32_t offset, uint32_t value) {
  uint32_t request[3] = {file, offset, value};
  iovec payload = piece(request, sizeof request);
  Answer answer;
  return orGone(connection::request(Operation::writeRegister, &payload, 1, answer));
}

int beginPoll(uint32_t file) {
  iovec payload = piece(&file, sizeof file);
  return connection::begin(Operation::poll, &payload, 1);
}

}  // namespace bridge::board
