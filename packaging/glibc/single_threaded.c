/* Since glibc 2.32 libstdc++ may ask whether the process has one thread, to count references without atomics. It never has. */
__attribute__((visibility("hidden"))) char __libc_single_threaded = 0;
