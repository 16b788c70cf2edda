#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <mutex>
#include <set>
#include <vector>

#include "board/calls.h"
#include "calls/open.h"
#include "descriptor.h"
#include "faults.h"
#include "own.h"
#include "paths.h"
#include "real.h"
#include "settings.h"
#include "trace.h"

namespace bridge {
namespace {

struct Entry {
  std::string name;
  unsigned char type;
};

/// What a program holds as a DIR: a listing that was made when it was opened.
struct Listing {
  std::string path;
  std::vector<Entry> entries;
  size_t position = 0;
  /// Closed with it; -1 while nobody has asked for it.
  int fd = -1;
  dirent current = {};
};

/// A DIR of libc's is none of ours: its layout is libc's secret, so ours are told from it by their addresses.
std::mutex listingsLock;
std::set<const void*>& listings() {
  static auto* const all = new std::set<const void*>();
  return *all;
}

Listing* asListing(DIR* directory) {
  if (!isActive()) return nullptr;
  std::lock_guard<std::mutex> guard(listingsLock);
  return listings().count(directory) > 0 ? reinterpret_cast<Listing*>(directory) : nullptr;
}

DIR* asDirectory(Listing* listing) {
  std::lock_guard<std::mutex> guard(listingsLock);
  listings().insert(listing);
  return reinterpret_cast<DIR*>(listing);
}

unsigned char typeOf(const std::string& path) {
  board::Status status;
  if (board::stat(path, status) < 0) return DT_UNKNOWN;
  switch (status.kind) {
    case board::FileKind::directory: return DT_DIR;
    case board::FileKind::device: return DT_CHR;
    default: return DT_REG;
  }
}

void addBoardEntries(Listing& listing, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    std::string path = listing.path + "/" + name;
    if (isBoardPath(path)) listing.entries.push_back({name, typeOf(path)});
  }
}

/// What this machine has in a folder, except for what the board answers.
void addOwnEntries(Listing& listing) {
  BRIDGE_REAL(opendir);
  BRIDGE_REAL(readdir);
  BRIDGE_REAL(closedir);
  DIR* own = real_opendir(listing.path.c_str());
  if (own == nullptr) {
    listing.entries = {{".", DT_DIR}, {"..", DT_DIR}};
    return;
  }
  while (const dirent* entry = real_readdir(own)) {
    if (!isBoardPath(listing.path + "/" + entry->d_name)) listing.entries.push_back({entry->d_name, entry->d_type});
  }
  real_closedir(own);
}

/// @returns 0 or a negative errno
int fill(Listing& listing) {
  if (int error = faults::errorOf("readdir", listing.path)) return -error;
  std::vector<std::string> names;
  int error = board::readDirectory(listing.path, names);
  if (isMergedFolder(listing.path)) {
    addOwnEntries(listing);
  } else if (error < 0) {
    return error;
  } else {
    listing.entries = {{".", DT_DIR}, {"..", DT_DIR}};
  }
  addBoardEntries(listing, names);
  return 0;
}

Listing* list(const std::string& path) {
  auto* listing = new Listing;
  listing->path = path;
  int error = fill(*listing);
  if (trace::isOn()) {
    std::string names;
    for (const Entry& entry : listing->entries) names += names.empty() ? entry.name : " " + entry.name;
    trace::record("readdir(" + trace::quoted(path.c_str()) + ")",
                  error < 0 ? error : static_cast<long>(listing->entries.size()), names);
  }
  if (error == 0) return listing;
  delete listing;
  errno = -error;
  return nullptr;
}

/// The path of a folder that this library has to list; empty for all others.
std::string folderPath(const char* path) {
  if (!isActive()) return "";
  std::string absolute = absolutePath(AT_FDCWD, path);
  return isBoardPath(absolute) || isMergedFolder(absolute) ? absolute : "";
}

dirent* nextEntry(Listing& listing) {
  if (listing.position == listing.entries.size()) return nullptr;
  const Entry& entry = listing.entries[listing.position++];
  dirent& current = listing.current;
  current.d_ino = std::hash<std::string>{}(listing.path + "/" + entry.name) | 1;
  current.d_off = static_cast<off_t>(listing.position);
  current.d_reclen = sizeof current;
  current.d_type = entry.type;
  std::strncpy(current.d_name, entry.name.c_str(), sizeof current.d_name - 1);
  return &current;
}

int close(Listing* listing) {
  {
    std::lock_guard<std::mutex> guard(listingsLock);
    listings().erase(listing);
  }
  if (listing->fd >= 0) closeOwn(listing->fd);
  delete listing;
  return 0;
}

int descriptorOf(Listing& listing) {
  if (listing.fd < 0) {
    BRIDGE_REAL(open);
    listing.fd = isBoardPath(listing.path) ? openDirectory(listing.path, O_CLOEXEC)
                                           : real_open(listing.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  }
  return asLibc(listing.fd);
}

/// scandir(3) over our own listing. On 64-bit machines, both kinds of entry are the same struct.
int scan(const std::string& path, dirent*** found, int (*isWanted)(const dirent*),
         int (*compare)(const dirent**, const dirent**)) {
  Listing* listing = list(path);
  if (listing == nullptr) return -1;
  std::vector<dirent*> chosen;
  while (dirent* entry = nextEntry(*listing)) {
    if (isWanted != nullptr && isWanted(entry) == 0) continue;
    auto* copy = static_cast<dirent*>(std::malloc(sizeof *entry));
    std::memcpy(copy, entry, sizeof *entry);
    chosen.push_back(copy);
  }
  delete listing;
  auto* array = static_cast<dirent**>(std::malloc((chosen.empty() ? 1 : chosen.size()) * sizeof(dirent*)));
  std::memcpy(array, chosen.data(), chosen.size() * sizeof(dirent*));
  if (compare != nullptr) {
    std::qsort(array, chosen.size(), sizeof(dirent*), reinterpret_cast<int (*)(const void*, const void*)>(compare));
  }
  *found = array;
  return static_cast<int>(chosen.size());
}

static_assert(sizeof(dirent) == sizeof(dirent64), "a 64-bit machine");

}  // namespace
}  // namespace bridge

using bridge::asListing;
using bridge::Listing;

BRIDGE_EXPORT DIR* opendir(const char* path) {
  BRIDGE_REAL(opendir);
  std::string ours = bridge::folderPath(path);
  if (ours.empty()) return real_opendir(path);
  Listing* listing = bridge::list(ours);
  return listing == nullptr ? nullptr : bridge::asDirectory(listing);
}

BRIDGE_EXPORT DIR* fdopendir(int fd) {
  BRIDGE_REAL(fdopendir);
  bridge::Descriptor file = bridge::isActive() ? bridge::describe(fd) : bridge::Descriptor{};
  std::string path = file.path;
  if (!file && bridge::isActive()) path = bridge::absolutePath(fd, ".");
  if (file.kind != bridge::Descriptor::Kind::directory && !bridge::isMergedFolder(path)) return real_fdopendir(fd);
  Listing* listing = bridge::list(path);
  if (listing == nullptr) return nullptr;
  listing->fd = fd;
  return bridge::asDirectory(listing);
}

BRIDGE_EXPORT dirent* readdir(DIR* directory) {
  BRIDGE_REAL(readdir);
  Listing* ours = asListing(directory);
  return ours == nullptr ? real_readdir(directory) : bridge::nextEntry(*ours);
}

BRIDGE_EXPORT dirent64* readdir64(DIR* directory) {
  BRIDGE_REAL(readdir64);
  Listing* ours = asListing(directory);
  return ours == nullptr ? real_readdir64(directory) : reinterpret_cast<dirent64*>(bridge::nextEntry(*ours));
}

BRIDGE_EXPORT int closedir(DIR* directory) {
  BRIDGE_REAL(closedir);
  Listing* ours = asListing(directory);
  return ours == nullptr ? real_closedir(directory) : bridge::close(ours);
}

BRIDGE_EXPORT void rewinddir(DIR* directory) noexcept {
  BRIDGE_REAL(rewinddir);
  Listing* ours = asListing(directory);
  if (ours == nullptr) {
    real_rewinddir(directory);
    return;
  }
  ours->entries.clear();
  ours->position = 0;
  bridge::fill(*ours);
}

BRIDGE_EXPORT long telldir(DIR* directory) noexcept {
  BRIDGE_REAL(telldir);
  Listing* ours = asListing(directory);
  return ours == nullptr ? real_telldir(directory) : static_cast<long>(ours->position);
}

BRIDGE_EXPORT void seekdir(DIR* directory, long position) noexcept {
  BRIDGE_REAL(seekdir);
  Listing* ours = asListing(directory);
  if (ours == nullptr) real_seekdir(directory, position);
  else if (static_cast<size_t>(position) <= ours->entries.size()) ours->position = static_cast<size_t>(position);
}

BRIDGE_EXPORT int dirfd(DIR* directory) noexcept {
  BRIDGE_REAL(dirfd);
  Listing* ours = asListing(directory);
  return ours == nullptr ? real_dirfd(directory) : bridge::descriptorOf(*ours);
}

BRIDGE_EXPORT int scandir(const char* path, dirent*** found, int (*isWanted)(const dirent*),
                          int (*compare)(const dirent**, const dirent**)) {
  BRIDGE_REAL(scandir);
  std::string ours = bridge::folderPath(path);
  return ours.empty() ? real_scandir(path, found, isWanted, compare) : bridge::scan(ours, found, isWanted, compare);
}

BRIDGE_EXPORT int scandir64(const char* path, dirent64*** found, int (*isWanted)(const dirent64*),
                            int (*compare)(const dirent64**, const dirent64**)) {
  BRIDGE_REAL(scandir64);
  std::string ours = bridge::folderPath(path);
  if (ours.empty()) return real_scandir64(path, found, isWanted, compare);
  return bridge::scan(ours, reinterpret_cast<dirent***>(found), reinterpret_cast<int (*)(const dirent*)>(isWanted),
                      reinterpret_cast<int (*)(const dirent**, const dirent**)>(compare));
}
