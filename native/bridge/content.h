#pragma once

#include <string>

namespace bridge {

/// The content of a sysfs or procfs file of the board. @returns 0 or a negative errno
int loadContent(const std::string& path, std::string& content);

}  // namespace bridge
