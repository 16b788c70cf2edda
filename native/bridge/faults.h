#pragma once

#include <cstddef>
#include <string>

namespace bridge {

/// Calls that fail because somebody wants to see what a program makes of it. CELLVISOR_FAULTS is a list of rules, separated
/// by semicolons; of those that fit a call, the first one that is not used up decides:
///
///     CALL:PATH:EFFECT[:COUNT]
///
///   CALL    open, read, ioctl, poll, mmap, stat, access, readdir, or * for each of them
///   PATH    the file's path on the board; * stands for any text
///   EFFECT  the name of an errno, such as EBUSY, or short=N: a read gives at most N bytes
///   COUNT   how many calls of the process fail; default: all
///
/// A rule that makes no sense ends the process before its main.
namespace faults {

/// The errno that a call has to fail with, else 0.
int errorOf(const char* call, const std::string& path);
/// How many bytes a read may give.
size_t readLimit(const std::string& path, size_t length);

}  // namespace faults
}  // namespace bridge
