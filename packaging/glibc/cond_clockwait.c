/*
 * Waits on a given clock exist since glibc 2.30. Where they do, they are used; elsewhere the time that is left is waited for
 * on the condition's own clock, so a wait ends late or early when somebody sets the system's clock meanwhile.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <time.h>

enum { NS_PER_S = 1000000000 };

typedef int clockwait(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *);

static struct timespec normalized(time_t seconds, long nanoseconds) {
  for (; nanoseconds < 0; nanoseconds += NS_PER_S) seconds--;
  for (; nanoseconds >= NS_PER_S; nanoseconds -= NS_PER_S) seconds++;
  return (struct timespec){seconds, nanoseconds};
}

__attribute__((visibility("hidden"))) int pthread_cond_clockwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                                                                 clockid_t clock, const struct timespec *deadline) {
  clockwait *const own = (clockwait *)dlsym(RTLD_DEFAULT, "pthread_cond_clockwait");
  if (own) return own(condition, mutex, clock, deadline);
  struct timespec now, real;
  clock_gettime(clock, &now);
  clock_gettime(CLOCK_REALTIME, &real);
  const struct timespec until = normalized(real.tv_sec + deadline->tv_sec - now.tv_sec,
                                           real.tv_nsec + deadline->tv_nsec - now.tv_nsec);
  return pthread_cond_timedwait(condition, mutex, &until);
}
