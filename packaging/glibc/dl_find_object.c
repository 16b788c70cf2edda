/*
 * The static unwinder of gcc 12 finds the code that it unwinds with a call that glibc has since 2.35. Where that is missing it
 * finds nothing. Only the bridge contains this unwinder, and throws nothing; the addon uses the system's shared one.
 */
#define _GNU_SOURCE
#include <dlfcn.h>

enum { NOT_FOUND = -1 };

__attribute__((visibility("hidden"))) int _dl_find_object(void *address, struct dl_find_object *found) {
  int (*const own)(void *, struct dl_find_object *) =
      (int (*)(void *, struct dl_find_object *))dlsym(RTLD_DEFAULT, "_dl_find_object");
  return own ? own(address, found) : NOT_FOUND;
}
