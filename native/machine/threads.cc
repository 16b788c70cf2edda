#include "machine/threads.h"

#include <pthread.h>
#include <sys/prctl.h>

namespace cellvisor::machine {

void prepareThread(const char* name) {
  pthread_setname_np(pthread_self(), name);
  prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
}

}  // namespace cellvisor::machine
