#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "board/connection.h"

/// The system calls of the board, as docs/wire.md lists them. All give 0, or what is said, or a negative errno.
namespace bridge::board {

enum class FileKind : uint32_t { file = 0, directory = 1, device = 2 };

struct Status {
  FileKind kind = FileKind::file;
  uint64_t size = 0;
};

int stat(const std::string& path, Status& status);
int readFile(const std::string& path, Answer& content);
int readDirectory(const std::string& path, std::vector<std::string>& names);

/// Opens a file for all connections, over the connection that it shall belong to.
int openShared(int socket, const std::string& path, int flags, uint32_t& file);
/// Whether a file may be opened this way.
int tryOpen(const std::string& path, int flags);

struct Reference {
  uint32_t offset;
  iovec buffer;
};

/// @returns the result of the request
int ioctl(uint32_t file, uint32_t request, const iovec* argument, const std::vector<Reference>& references);
int read(uint32_t file, size_t length, Answer& bytes);
int setNonBlocking(uint32_t file, bool nonBlocking);

int mapMemory(uint32_t file, uint64_t offset, uint64_t length, bool isWritable, std::string& path, uint64_t& start);
int mapRegisters(uint32_t file, uint64_t offset, uint64_t length);
int readRegister(uint32_t file, uint32_t offset, uint32_t& value);
int writeRegister(uint32_t file, uint32_t offset, uint32_t value);

/// A wait for POLLIN: see connection::begin.
int beginPoll(uint32_t file);

}  // namespace bridge::board
