/* clusterproc.h - the embedded cluster's processes: running its programs, ending what was left. */
#ifndef DVC_STORE_CLUSTERPROC_H
#define DVC_STORE_CLUSTERPROC_H

#include "store/clusterdir.h"

/* Starts `argv` (argv[0] is the program's path) as db_user with input from nowhere and both outputs
 * appended to place->log. `keep`: the child gets SIGINT when we die. 0 or -errno. */
int cluster_spawn(const struct cluster_place *place, const char *const argv[], bool keep,
                  pid_t *ret_pid) DVC_MUSTCHECK;
/* The child's exit code; 256 when a signal ended it. */
int cluster_reap(pid_t pid);
/* Processes of PostgreSQL that work in the data folder and are not below `mine`: asks them to end
 * (SIGINT, then SIGQUIT, then SIGKILL) and waits. 0 when none is left, else -ETIMEDOUT. */
int cluster_end_orphans(const struct cluster_place *place, int64_t timeout_us) DVC_MUSTCHECK;

#endif
