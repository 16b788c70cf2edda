/* fstat has symbols of its own since glibc 2.33. The system call behind them is the same on x86-64 and arm64. */
#define _GNU_SOURCE
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

__attribute__((visibility("hidden"))) int fstat(int fd, struct stat *status) {
  return (int)syscall(SYS_fstat, fd, status);
}

/* One struct on 64-bit machines. */
__attribute__((visibility("hidden"))) int fstat64(int fd, struct stat64 *status) {
  return (int)syscall(SYS_fstat, fd, status);
}
