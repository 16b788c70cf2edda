#pragma once

#include <sys/stat.h>

#include <string>

namespace bridge {

/// stat(2) of a path of the board. @returns 0 or a negative errno
int statBoardFile(const std::string& path, struct stat& status);

}  // namespace bridge
