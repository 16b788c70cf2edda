#pragma once

#include <string>
#include <vector>

namespace bridge {

/// An absolute path without `.`, `..` and doubled slashes. Symbolic links stay as they are.
std::string normalPath(const std::string& path);

/// The absolute form of what openat(2) and its kin are given. Empty when it is not known.
std::string absolutePath(int directory, const char* path);

/// Whether the board answers for a path: the devices, and what its drivers show in sysfs and procfs.
bool isBoardPath(const std::string& path);

/// The path that `path` has on the board; empty when the call is none of the board's.
std::string boardPath(int directory, const char* path);

/// /proc/interrupts, whose lines are this machine's, except those of UIO devices.
bool isMergedFile(const std::string& path);

/// Folders of this machine in which entries of the board appear, such as /dev.
bool isMergedFolder(const std::string& path);

/// Whether `path`, whose absolute form is given, goes up from the board's folders to one of this machine's, as
/// `/sys/devices/jailhouse/..` does.
bool leavesBoard(const std::string& absolute, const char* path);

}  // namespace bridge
