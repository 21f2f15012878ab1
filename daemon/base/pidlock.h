/* pidlock.h - a file that one living process holds: who that is can be asked without trusting a
 * number that somebody wrote down. The lock ends with the process, however that ends. */
#ifndef DVC_BASE_PIDLOCK_H
#define DVC_BASE_PIDLOCK_H

#include <sys/types.h>

#include "base/check.h"

/* Makes the file if missing and takes its lock for this process (children do not inherit it). The
 * descriptor stays open as long as the lock is wanted. 0, -EBUSY when another process has it, or
 * -errno. */
int pidlock_take(const char *path, int *ret_fd) DVC_MUSTCHECK;
/* The process that holds it. 0, -ESRCH when nobody does, or -errno (-ENOENT: there is no file). */
int pidlock_holder(const char *path, pid_t *ret_pid) DVC_MUSTCHECK;

#endif
