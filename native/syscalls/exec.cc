#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "syscalls/napi.h"
#include "syscalls/operations.h"

namespace syscalls {
namespace {

std::string textOf(napi_env env, napi_value value) {
  size_t length = 0;
  check(env, napi_get_value_string_utf8(env, value, nullptr, 0, &length));
  std::string text(length, '\0');
  check(env, napi_get_value_string_utf8(env, value, text.data(), length + 1, &length));
  return text;
}

/// An array of strings, and the array of pointers to them that execve(2) takes.
class Strings {
 public:
  Strings(napi_env env, napi_value array) {
    uint32_t count = 0;
    check(env, napi_get_array_length(env, array, &count));
    for (uint32_t i = 0; i < count; ++i) {
      napi_value element = nullptr;
      check(env, napi_get_element(env, array, i, &element));
      texts_.push_back(textOf(env, element));
    }
    for (std::string& text : texts_) pointers_.push_back(text.data());
    pointers_.push_back(nullptr);
  }

  char* const* data() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

/// Node marks all of its descriptors, these too.
void keepStandardStreams() {
  for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    int flags = ::fcntl(fd, F_GETFD);
    if (flags >= 0) ::fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
  }
}

/// Becomes another program. Returns only when that failed.
napi_value execFunction(napi_env env, napi_callback_info info) {
  Arguments arguments(env, info);
  std::string path = textOf(env, arguments.at(0));
  Strings argv(env, arguments.at(1));
  Strings environment(env, arguments.at(2));
  // Node ignores it, and what is ignored stays so in the new program.
  struct sigaction action = {};
  struct sigaction before = {};
  action.sa_handler = SIG_DFL;
  ::sigaction(SIGPIPE, &action, &before);
  keepStandardStreams();
  ::execve(path.c_str(), argv.data(), environment.data());
  int error = errno;
  ::sigaction(SIGPIPE, &before, nullptr);
  return makeNumber(env, -error);
}

}  // namespace

void defineExec(napi_env env, napi_value exports) { defineFunction(env, exports, "exec", guarded<execFunction>); }

}  // namespace syscalls
