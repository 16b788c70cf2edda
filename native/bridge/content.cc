#include "content.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "board/calls.h"
#include "paths.h"
#include "real.h"

namespace bridge {
namespace {

int readBoardFile(const std::string& path, std::string& content) {
  Answer answer;
  int error = board::readFile(path, answer);
  if (error == 0) content.assign(reinterpret_cast<const char*>(answer.data()), answer.size());
  return error;
}

int readOwnFile(const std::string& path, std::string& content) {
  BRIDGE_REAL(open);
  BRIDGE_REAL(read);
  BRIDGE_REAL(close);
  int fd = real_open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  char part[4096];
  ssize_t length = 0;
  while ((length = real_read(fd, part, sizeof part)) > 0) content.append(part, static_cast<size_t>(length));
  int error = length < 0 ? -errno : 0;
  real_close(fd);
  return error;
}

/// The lines that name a UIO device, or all others.
std::string linesOf(const std::string& text, bool ofUio) {
  std::string chosen;
  for (size_t start = 0; start < text.size();) {
    size_t end = text.find('\n', start);
    end = end == std::string::npos ? text.size() : end + 1;
    std::string_view line(text.data() + start, end - start);
    if ((line.find("uio") != std::string_view::npos) == ofUio) chosen.append(line);
    start = end;
  }
  return chosen;
}

}  // namespace

int loadContent(const std::string& path, std::string& content) {
  if (!isMergedFile(path)) return readBoardFile(path, content);
  std::string own;
  std::string board;
  int error = readOwnFile(path, own);
  if (error == 0) error = readBoardFile(path, board);
  if (error == 0) content = linesOf(own, false) + linesOf(board, true);
  return error;
}

}  // namespace bridge
