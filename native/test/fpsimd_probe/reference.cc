#include "reference.h"

#include <csignal>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace cellvisor::probe {

Reference::Reference(const char* guestProgram) {
  int toGuest[2], fromGuest[2];
  if (pipe(toGuest) != 0 || pipe(fromGuest) != 0) throw std::runtime_error("no pipe");
  std::signal(SIGPIPE, SIG_IGN);
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("cannot fork");
  if (process_ == 0) {
    dup2(toGuest[0], 0);
    dup2(fromGuest[1], 1);
    for (const int fd : {toGuest[0], toGuest[1], fromGuest[0], fromGuest[1]}) close(fd);
    execlp("qemu-aarch64", "qemu-aarch64", "-cpu", "cortex-a53", guestProgram, static_cast<char*>(nullptr));
    _exit(127);
  }
  close(toGuest[0]);
  close(fromGuest[1]);
  input_ = toGuest[1];
  output_ = fromGuest[0];
}

Reference::~Reference() {
  close(input_);
  close(output_);
  waitpid(process_, nullptr, 0);
}

void Reference::send(const probe_case* cases, uint32_t count) {
  const auto put = [this](const void* data, size_t size) {
    for (const char* at = static_cast<const char*>(data); size > 0;) {
      const ssize_t done = write(input_, at, size);
      if (done <= 0) throw std::runtime_error("the program under qemu-aarch64 is gone");
      at += done;
      size -= static_cast<size_t>(done);
    }
  };
  put(&count, sizeof count);
  put(cases, count * sizeof *cases);
}

void Reference::receive(probe_case* cases, uint32_t count) {
  char* at = reinterpret_cast<char*>(cases);
  for (size_t size = count * sizeof *cases; size > 0;) {
    const ssize_t done = read(output_, at, size);
    if (done <= 0) throw std::runtime_error("the program under qemu-aarch64 is gone");
    at += done;
    size -= static_cast<size_t>(done);
  }
}

}  // namespace cellvisor::probe
