#include "paths.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cstring>
#include <string_view>

#include "descriptor.h"
#include "real.h"
#include "settings.h"

namespace bridge {
namespace {

/// Everything below these belongs to the board.
constexpr std::array<std::string_view, 6> kBoardTrees = {
    "/dev/jailhouse",           "/sys/devices/jailhouse", "/sys/class/uio",
    "/sys/class/misc/jailhouse", "/sys/module/jailhouse",  "/sys/module/uio_ivshmem",
};

constexpr std::array<std::string_view, 5> kMergedFolders = {"/dev", "/sys/devices", "/sys/class", "/sys/class/misc",
                                                            "/sys/module"};

constexpr std::string_view kInterrupts = "/proc/interrupts";
constexpr std::string_view kUioDevice = "/dev/uio";

bool startsWith(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

bool isWithin(std::string_view path, std::string_view tree) {
  return startsWith(path, tree) && (path.size() == tree.size() || path[tree.size()] == '/');
}

bool isUioDevice(std::string_view path) {
  if (!startsWith(path, kUioDevice) || path.size() == kUioDevice.size()) return false;
  for (char digit : path.substr(kUioDevice.size())) {
    if (std::isdigit(static_cast<unsigned char>(digit)) == 0) return false;
  }
  return true;
}

/// Where a relative path starts.
std::string folderPath(int directory) {
  char path[PATH_MAX];
  if (directory == AT_FDCWD) {
    return ::getcwd(path, sizeof path) == nullptr ? "" : path;
  }
  Descriptor ours = describe(directory);
  if (ours.kind == Descriptor::Kind::directory) return ours.path;
  BRIDGE_REAL(readlink);
  std::string link = "/proc/self/fd/" + std::to_string(directory);
  ssize_t length = real_readlink(link.c_str(), path, sizeof path);
  return length <= 0 ? "" : std::string(path, static_cast<size_t>(length));
}

}  // namespace

std::string normalPath(const std::string& path) {
  std::string normal;
  size_t position = 0;
  while (position < path.size()) {
    size_t end = path.find('/', position);
    if (end == std::string::npos) end = path.size();
    std::string_view part(path.data() + position, end - position);
    if (part == "..") {
      size_t parent = normal.rfind('/');
      normal.erase(parent == std::string::npos ? 0 : parent);
    } else if (!part.empty() && part != ".") {
      normal.append("/").append(part);
    }
    position = end + 1;
  }
  return normal.empty() ? "/" : normal;
}

std::string absolutePath(int directory, const char* path) {
  if (path == nullptr || path[0] == '\0') return "";
  if (path[0] == '/') return normalPath(path);
  std::string folder = folderPath(directory);
  return folder.empty() || folder[0] != '/' ? "" : normalPath(folder + "/" + path);
}

bool isBoardPath(const std::string& path) {
  for (std::string_view tree : kBoardTrees) {
    if (isWithin(path, tree)) return true;
  }
  return isUioDevice(path) || path == kInterrupts;
}

std::string boardPath(int directory, const char* path) {
  if (!isActive()) return "";
  std::string absolute = absolutePath(directory, path);
  return isBoardPath(absolute) ? absolute : "";
}

bool isMergedFile(const std::string& path) { return path == kInterrupts; }

bool isMergedFolder(const std::string& path) {
  for (std::string_view folder : kMergedFolders) {
    if (path == folder) return true;
  }
  return false;
}

bool leavesBoard(const std::string& absolute, const char* path) {
  return isMergedFolder(absolute) && std::strstr(path, "..") != nullptr;
}

}  // namespace bridge
