#pragma once

#include <string>

namespace bridge {

/// open(2) of a path of the board. @returns a descriptor or a negative errno
int openBoardFile(const std::string& path, int flags);

}  // namespace bridge
