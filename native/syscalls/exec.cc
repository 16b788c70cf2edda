#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "napi/value.h"
#include "syscalls/operations.h"

namespace cellvisor::syscalls {

using napi::Arguments;
using napi::defineFunction;
using napi::guarded;
using napi::Value;

namespace {

/** An array of strings, and the array of pointers to them that execve(2) takes. */
class Strings {
 public:
  explicit Strings(const Value& array) {
    for (const Value& element : array.elements()) texts_.push_back(element.string());
    for (std::string& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }

  char* const* data() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

/** Node marks all of its descriptors, these too. */
void keepStandardStreams() {
  for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    int flags = ::fcntl(fd, F_GETFD);
    if (flags >= 0) ::fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
  }
}

/** Becomes another program. Returns only when that failed. */
napi_value execFunction(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  std::string path = arguments.at(0, "path").string();
  Strings argv(arguments.at(1, "args"));
  Strings environment(arguments.at(2, "environment"));
  // Node ignores it, and what is ignored stays so in the new program.
  struct sigaction action = {};
  struct sigaction before = {};
  action.sa_handler = SIG_DFL;
  ::sigaction(SIGPIPE, &action, &before);
  keepStandardStreams();
  ::execve(path.c_str(), argv.data(), environment.data());
  int error = errno;
  ::sigaction(SIGPIPE, &before, nullptr);
  return napi::makeNumber(env, -error);
}

}  // namespace

void defineExec(napi_env env, napi_value exports) { defineFunction(env, exports, "exec", guarded<execFunction>); }

}  // namespace cellvisor::syscalls
