/*
 * What programs do with a UIO device: each argument is something to try with /dev/uio0, and ends with "NAME ok".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DEVICE "/dev/uio0"
#define DOORBELL 3
#define LSTATE 4
#define MEMORY_OFFSET 4096
#define MEMORY_BYTES 0x200000

#define CHECK(condition)                                                                              \
  do {                                                                                                \
    if (!(condition)) {                                                                               \
      printf("%s:%d: not so: %s (%s)\n", __FILE__, __LINE__, #condition, strerror(errno));            \
      exit(1);                                                                                        \
    }                                                                                                 \
  } while (0)

static int fd;
static volatile uint32_t *registers;

static volatile uint32_t *map_registers(void)
{
  void *address = mmap(NULL, 256, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  CHECK(address != MAP_FAILED);
  return address;
}

static uint8_t *map_memory(void)
{
  void *address = mmap(NULL, MEMORY_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, MEMORY_OFFSET);
  CHECK(address != MAP_FAILED);
  return address;
}

/* Stores and loads with the instructions that compilers choose for them, and what they leave in registers and flags. */
static void try_registers(void)
{
  for (uint32_t i = 1; i < 100; i++) {
    registers[LSTATE] = i * 0x01010101u;
    CHECK(registers[LSTATE] == i * 0x01010101u);
  }
  registers[LSTATE] = 5;
  registers[LSTATE] |= 0x30;
  CHECK(registers[LSTATE] == 0x35);
  registers[LSTATE] += 3;
  registers[LSTATE] ^= 0xffffffff;
  CHECK(registers[LSTATE] == ~0x38u);
  int64_t widened = (int32_t)registers[LSTATE];
  CHECK(widened == (int64_t)(int32_t)~0x38u);
  uint64_t zero_extended = registers[LSTATE];
  CHECK(zero_extended == (uint64_t)~0x38u);
#if defined(__x86_64__)
  volatile uint32_t *at = registers;
  uint32_t value = 7, before;
  unsigned char carry, is_zero;
  __asm__ volatile("movl $0xfffffff0, 16(%0)" ::"r"(at) : "memory");
  __asm__ volatile("addl $0x10, 16(%2); setc %0; setz %1" : "=r"(carry), "=r"(is_zero) : "r"(at) : "memory", "cc");
  CHECK(carry == 1 && is_zero == 1 && registers[LSTATE] == 0);
  __asm__ volatile("stc; adcl %1, (%0,%2,4)" ::"r"(at), "r"(value), "r"((uint64_t)LSTATE) : "memory", "cc");
  CHECK(registers[LSTATE] == 8);
  __asm__ volatile("xchgl %0, 16(%1)" : "+r"(value) : "r"(at) : "memory");
  CHECK(value == 8 && registers[LSTATE] == 7);
  __asm__ volatile("movl $100, %0; subl 16(%1), %0" : "=&r"(before) : "r"(at) : "memory", "cc");
  CHECK(before == 93);
  __asm__ volatile("cmpl $7, 16(%1); setz %0" : "=r"(is_zero) : "r"(at) : "memory", "cc");
  CHECK(is_zero == 1);
  __asm__ volatile("testl $8, 16(%1); setz %0" : "=r"(is_zero) : "r"(at) : "memory", "cc");
  CHECK(is_zero == 1);
  register uint32_t high __asm__("r13") = 0x1234;
  register volatile uint32_t *base __asm__("r12") = at;
  __asm__ volatile("movnti %1, 16(%0); movl 16(%0), %%r9d" ::"r"(base), "r"(high) : "memory", "r9");
  CHECK(registers[LSTATE] == 0x1234);
#endif
  registers[LSTATE] = 0;
}

static sigjmp_buf escape;
static void on_bus_error(int signal) { siglongjmp(escape, signal); }

/* What no register takes is a bus error, and a word about it; a fault of the program's own is the program's. */
static void try_faults(void)
{
  signal(SIGBUS, on_bus_error);
  signal(SIGSEGV, on_bus_error);
  CHECK(signal(SIGSEGV, on_bus_error) == on_bus_error);
  int caught = sigsetjmp(escape, 1);
  if (caught == 0)
    *(volatile uint16_t *)registers = 1;
  CHECK(caught == SIGBUS);
  caught = sigsetjmp(escape, 1);
  if (caught == 0)
    *(volatile uint64_t *)(registers + 2);
  CHECK(caught == SIGBUS);
  volatile uint32_t *own = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  caught = sigsetjmp(escape, 1);
  if (caught == 0)
    *own = 1;
  CHECK(caught == SIGSEGV);
  CHECK(munmap((void *)registers, 256) == 0);
  caught = sigsetjmp(escape, 1);
  if (caught == 0)
    registers[LSTATE] = 1;
  CHECK(caught == SIGSEGV);
}

static void *write_often(void *number)
{
  volatile uint32_t *own = map_registers();
  for (int i = 0; i < 200; i++)
    own[LSTATE] = (uint32_t)(uintptr_t)number << 16 | (uint32_t)i;
  CHECK(munmap((void *)own, 256) == 0);
  return NULL;
}

static void try_threads(void)
{
  pthread_t threads[4];
  for (uintptr_t i = 0; i < 4; i++)
    CHECK(pthread_create(&threads[i], NULL, write_often, (void *)(i + 1)) == 0);
  for (int i = 0; i < 4; i++)
    CHECK(pthread_join(threads[i], NULL) == 0);
  CHECK((registers[LSTATE] & 0xffff) == 199);
  registers[LSTATE] = 0;
}

static void try_memory(void)
{
  uint8_t *ours = map_memory();
  uint8_t *again = map_memory();
  ours[MEMORY_BYTES - 1] = 0x5a;
  CHECK(again[MEMORY_BYTES - 1] == 0x5a);
  CHECK(munmap(again, MEMORY_BYTES) == 0);
  pid_t child = fork();
  if (child == 0) {
    ours[MEMORY_BYTES - 2] = 0xa5;
    _exit(0);
  }
  CHECK(waitpid(child, NULL, 0) == child);
  CHECK(ours[MEMORY_BYTES - 2] == 0xa5);
  CHECK(mmap(NULL, MEMORY_BYTES + 4096, PROT_READ, MAP_SHARED, fd, MEMORY_OFFSET) == MAP_FAILED && errno == EINVAL);
  CHECK(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 64 * 4096) == MAP_FAILED && errno == EINVAL);
}

/* The file belongs to all who have it: duplicates, children, programs that a child becomes. */
static void try_inheritance(void)
{
  struct stat status;
  int copy = dup(fd);
  CHECK(copy >= 0 && fstat(copy, &status) == 0 && S_ISCHR(status.st_mode));
  CHECK(close(copy) == 0);
  pid_t child = fork();
  if (child == 0) {
    volatile uint32_t *own = map_registers();
    own[LSTATE] = 0x77;
    registers[LSTATE] += 1;
    _exit(own[LSTATE] == 0x78 ? 0 : 1);
  }
  int result;
  CHECK(waitpid(child, &result, 0) == child && result == 0);
  CHECK(registers[LSTATE] == 0x78);
  registers[LSTATE] = 0;
  char number[12], script[128];
  snprintf(number, sizeof number, "%d", fd);
  snprintf(script, sizeof script, "exec 9<&%s; read line < /sys/class/uio/uio0/name; test $line = uio_ivshmem", number);
  CHECK(fcntl(fd, F_SETFD, 0) == 0);
  CHECK(system(script) == 0);
}

static void on_alarm(int signal) { (void)signal; }

static void try_waiting(void)
{
  uint32_t count;
  struct pollfd wait = {.fd = fd, .events = POLLIN};
  fd_set set;
  struct timeval short_time = {0, 20000};
  CHECK(poll(&wait, 1, 20) == 0 && wait.revents == 0);
  FD_ZERO(&set);
  FD_SET(fd, &set);
  CHECK(select(fd + 1, &set, NULL, NULL, &short_time) == 0 && !FD_ISSET(fd, &set));
  CHECK(read(fd, &count, 3) == -1 && errno == EINVAL);
  CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
  CHECK(read(fd, &count, 4) == -1 && errno == EAGAIN);
  CHECK(fcntl(fd, F_SETFL, 0) == 0);
  /* A handler without SA_RESTART ends the wait. */
  struct sigaction action = {.sa_handler = on_alarm};
  CHECK(sigaction(SIGALRM, &action, NULL) == 0);
  timer_t timer;
  struct itimerspec soon = {.it_value = {.tv_nsec = 30000000}};
  CHECK(timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0 && timer_settime(timer, 0, &soon, NULL) == 0);
  CHECK(read(fd, &count, 4) == -1 && errno == EINTR);
  CHECK(write(fd, &count, 4) == -1);
}

/* With a peer that answers each doorbell: poll, select and read all see the interrupt, once. */
static void try_peer(void)
{
  struct pollfd wait = {.fd = fd, .events = POLLIN};
  fd_set set;
  uint32_t before, count;
  registers[DOORBELL] = 0;
  CHECK(read(fd, &before, 4) == 4);
  for (uint32_t round = 1; round <= 20; round++) {
    registers[DOORBELL] = 0;
    if (round % 2) {
      CHECK(poll(&wait, 1, 5000) == 1 && wait.revents == POLLIN);
    } else {
      FD_ZERO(&set);
      FD_SET(fd, &set);
      CHECK(select(fd + 1, &set, NULL, NULL, NULL) == 1 && FD_ISSET(fd, &set));
    }
    CHECK(read(fd, &count, 4) == 4 && count == before + round);
  }
  CHECK(poll(&wait, 1, 0) == 0);
}

int main(int argc, char *argv[])
{
  static const struct {
    const char *name;
    void (*run)(void);
  } tries[] = {{"registers", try_registers}, {"threads", try_threads},         {"memory", try_memory},
               {"waiting", try_waiting},     {"inheritance", try_inheritance}, {"peer", try_peer},
               {"faults", try_faults}};
  fd = open(DEVICE, O_RDWR | O_CLOEXEC);
  CHECK(fd >= 0);
  registers = map_registers();
  for (int i = 1; i < argc; i++) {
    for (size_t j = 0; j < sizeof tries / sizeof tries[0]; j++) {
      if (strcmp(argv[i], tries[j].name) == 0) {
        tries[j].run();
        printf("%s ok\n", argv[i]);
      }
    }
  }
  return 0;
}
