/* Runs under qemu-aarch64: executes the instructions it is sent on the registers it is sent, and sends back what became of them. */

#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "exchange.h"

void run_slot(struct probe_state* state);
void slot_done(void);

static struct probe_case cases[PROBE_BATCH];
static struct probe_state* current;
static uint64_t pristine[PROBE_PAGE / 8];

/* The instruction under test did not complete: note it, and go on behind it. */
static void on_signal(int number, siginfo_t* info, void* context) {
  (void)info;
  ucontext_t* u = context;
  if (u->uc_mcontext.pc != current->x[30] && u->uc_mcontext.pc - PROBE_SLOTS >= PROBE_PAGE) abort();
  current->outcome = number == SIGILL ? PROBE_UNDEFINED : PROBE_FAULT;
  u->uc_mcontext.pc += 4;
}

static int transfer(ssize_t (*operation)(int, void*, size_t), int fd, void* buffer, size_t size) {
  for (char* at = buffer; size > 0;) {
    const ssize_t done = operation(fd, at, size);
    if (done <= 0) return 0;
    at += done, size -= done;
  }
  return 1;
}

static ssize_t put(int fd, void* buffer, size_t size) { return write(fd, buffer, size); }

static void* map(uintptr_t address, int protection) {
  void* const page =
      mmap((void*)address, PROBE_PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (page == MAP_FAILED) abort();
  return page;
}

int main(void) {
  uint32_t* const slots = map(PROBE_SLOTS, PROT_READ | PROT_WRITE | PROT_EXEC);
  uint64_t* const data = map(PROBE_DATA, PROT_READ | PROT_WRITE);
  const stack_t stack = {.ss_sp = malloc(65536), .ss_size = 65536};
  const struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigaltstack(&stack, NULL);
  sigaction(SIGILL, &action, NULL);
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  probe_fill(pristine);

  for (;;) {
    uint32_t count;
    if (!transfer(read, 0, &count, sizeof count) || count > PROBE_BATCH) return 0;
    if (!transfer(read, 0, cases, count * sizeof *cases)) return 1;
    for (uint32_t i = 0; i < count; ++i) {
      const int64_t distance = (int64_t)(uintptr_t)slot_done - (int64_t)(uintptr_t)&slots[2 * i + 1];
      slots[2 * i] = cases[i].insn;
      slots[2 * i + 1] = 0x14000000 | (distance / 4 & 0x3ffffff);
    }
    __builtin___clear_cache((char*)slots, (char*)slots + PROBE_PAGE);
    for (uint32_t i = 0; i < count; ++i) {
      current = &cases[i].state;
      current->outcome = PROBE_DONE;
      if (current->memory) memcpy(data, pristine, PROBE_PAGE);
      run_slot(current);
      if (current->memory) current->memory = probe_checksum(data);
    }
    if (!transfer(put, 1, cases, count * sizeof *cases)) return 1;
  }
}
