#pragma once

#include <cstdint>
#include <string>

namespace bridge {

/// What a descriptor of this process stands for. Everything that is known about it is in the kernel, so that dup(2), fork(2),
/// execve(2) and close(2) need no help:
///
///   device      a connection to the board, which keeps the file open there; its socket's name holds the file's number
///   content     a file in memory with the content of a sysfs or procfs file; its name holds the path
///   directory   an empty file in memory; its name holds the path
struct Descriptor {
  enum class Kind { none, device, content, directory };

  Kind kind = Kind::none;
  std::string path;
  /// Of a device: the file's number on the board, valid in all connections.
  uint32_t file = 0;

  explicit operator bool() const { return kind != Kind::none; }
};

/// Leaves errno as it is.
Descriptor describe(int fd);

/// These give a descriptor or a negative errno. `flags` are those of open(2).
int openDevice(const std::string& path, int flags);
int openContent(const std::string& path, int flags);
int openDirectory(const std::string& path, int flags);

/// Asks the board for the content again. @returns 0 or a negative errno
int refreshContent(int fd, const std::string& path);

}  // namespace bridge
