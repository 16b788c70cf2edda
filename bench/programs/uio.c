/*
 * The C side of the uio benchmark. Prints figures to stdout, one a line.
 *
 *   uio registers FILE      ns of a 32-bit load, then of a store, each between barriers, on a mapped file
 *   uio copy FILE BYTES     GB/s of memcpy from a mapped file
 *   uio wait DEV COUNT      for each of COUNT reads of 4 bytes: when it came back, in ns of the monotonic clock
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 10000000
#define COPIES 200

static uint64_t now_ns(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static void barrier(void)
{
#if defined(__aarch64__)
  __asm__ volatile("dmb osh" ::: "memory");
#else
  atomic_thread_fence(memory_order_seq_cst);
#endif
}

static void *map(const char *path, size_t bytes)
{
  int fd = open(path, O_RDWR);
  void *address = fd < 0 ? MAP_FAILED : mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (address == MAP_FAILED) {
    perror(path);
    exit(1);
  }
  return address;
}

static void registers(const char *path)
{
  volatile uint32_t *location = (volatile uint32_t *)map(path, 4096) + 3;
  uint64_t start = now_ns();
  for (uint32_t i = 0; i < ROUNDS; i++) {
    barrier();
    (void)*location;
    barrier();
  }
  printf("%f\n", (now_ns() - start) / (double)ROUNDS);
  start = now_ns();
  for (uint32_t i = 0; i < ROUNDS; i++) {
    barrier();
    *location = i;
    barrier();
  }
  printf("%f\n", (now_ns() - start) / (double)ROUNDS);
}

static void copy(const char *path, size_t bytes)
{
  void *from = map(path, bytes);
  void *to = malloc(bytes);
  memcpy(to, from, bytes);
  uint64_t start = now_ns();
  for (int i = 0; i < COPIES; i++) {
    memcpy(to, from, bytes);
    __asm__ volatile("" ::"r"(to) : "memory");
  }
  printf("%f\n", (double)bytes * COPIES / (now_ns() - start));
}

static void wait_for(const char *path, int count)
{
  uint32_t events;
  int fd = open(path, O_RDWR);
  if (fd < 0) {
    perror(path);
    exit(1);
  }
  printf("ready\n");
  fflush(stdout);
  while (count-- > 0 && read(fd, &events, sizeof events) == sizeof events) {
    printf("%llu\n", (unsigned long long)now_ns());
    fflush(stdout);
  }
}

int main(int argc, char *argv[])
{
  if (argc == 3 && !strcmp(argv[1], "registers"))
    registers(argv[2]);
  else if (argc == 4 && !strcmp(argv[1], "copy"))
    copy(argv[2], strtoul(argv[3], NULL, 10));
  else if (argc == 4 && !strcmp(argv[1], "wait"))
    wait_for(argv[2], atoi(argv[3]));
  else
    return 2;
  return 0;
}
