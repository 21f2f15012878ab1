/* program.h - runs one of PostgreSQL's programs and waits for it; an interrupt ends it, too. */
#ifndef DVC_CTL_PROGRAM_H
#define DVC_CTL_PROGRAM_H

#include "store/clusterdir.h"

/* From now on SIGINT, SIGTERM and SIGHUP are remembered instead of ending us. */
void program_catch(void);
bool program_stopped(void); /* one of them came */
/* argv[0] is a path; runs as place->uid, its words go to place->log. `tick` (may be NULL) is called
 * ten times a second. 0; CTL_FAILED when it failed, with its last words printed, or was stopped. */
int program_run(const struct cluster_place *place, const char *const argv[],
                void (*tick)(void *ctx), void *ctx) DVC_MUSTCHECK;
/* The last lines of a log, to standard error. */
void program_last_words(const char *log);

#endif
