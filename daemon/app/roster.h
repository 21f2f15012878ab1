/* roster.h - the workers that ought to be there: forks them, and decides when a dead one is started
 * again. The supervisor's; nothing here waits. */
#ifndef DVC_APP_ROSTER_H
#define DVC_APP_ROSTER_H

#include <sys/types.h>

#include "app/worker.h"
#include "base/log.h"
#include "base/wall.h"

struct roster;

struct roster_settings {
    const struct worker_type *types;
    size_t type_count;
    const int *listen_fds; /* listen_count for slot 0, then for slot 1, ...; see listen.h */
    size_t listen_count;   /* of each slot */
    size_t listen_plain;   /* the first so many speak plain HTTP, the others TLS */
    unsigned listen_slots; /* slots that have sockets */
    /* After a death: at once the first time, then restart_min_us, doubled up to restart_max_us; a
     * worker that lived healthy_us has a clean record. One that ends with 0 is started at once. */
    int64_t restart_min_us, restart_max_us, healthy_us;
    int64_t silence_us; /* a worker whose type beats and that was silent for so long is ended */
    /* A successor that runs for so long and is not ready may lack what the one before it holds,
     * such as connections to the database: then that one ends, see roster_renew. */
    int64_t successor_us;
    enum log_level log_level; /* the workers' loggers begin with it */
    int private_fd;           /* the supervisor's own, closed in workers; -1: none */
};

/* How long to wait before a restart after so many deaths in a row. */
int64_t roster_pause(const struct roster_settings *settings, unsigned crashes);

/* Makes the pairs between gateways and auth helper and the pipe for readiness, and starts nothing
 * yet. `settings` and its arrays stay the caller's and are used as long as the roster. 0 or -errno.
 */
int roster_new(const struct roster_settings *settings, struct roster **ret) DVC_MUSTCHECK;
struct roster *roster_free(struct roster *roster); /* after the last worker's end */

/* Starts whoever is due at `now`. In the children it does not return. */
void roster_start(struct roster *roster, mono_t now);
/* When roster_start, roster_renewing or roster_end_silent has something to do next; INT64_MAX:
 * nothing. */
mono_t roster_next(const struct roster *roster);
/* Reaps workers that ended and plans their restarts, or with `stopping` none. */
void roster_reap(struct roster *roster, mono_t now, bool stopping);
/* Readable when a worker reported; then roster_hear. */
int roster_ready_fd(const struct roster *roster);
void roster_hear(struct roster *roster);
bool roster_all_ready(const struct roster *roster); /* each has reported at least once */
/* Ends whoever hangs, by SIGKILL: nothing else reaches one that does not listen. It is started
 * again like one that died. */
void roster_end_silent(struct roster *roster, mono_t now);

/* Replaces every worker by one forked from now on, one after another: a worker's turn comes when
 * the successor of the one before it is ready, and it gets SIGTERM, so all but one serve at any
 * time. One whose type overlaps gets WORKER_RELIEVED when its successor is ready, and serves until
 * then; when a successor that runs was not ready for successor_us, SIGTERM. A successor that never
 * gets ready stops it there: the others stay as they were. While under way: begins anew. */
void roster_renew(struct roster *roster);
/* Goes on with that as far as it can without waiting; a worker that has not ended patience_us after
 * its SIGTERM gets SIGKILL. False when nothing is left to replace. */
bool roster_renewing(struct roster *roster, mono_t now, int64_t patience_us);
/* SIGHUP to all workers, with `value` as its value. */
void roster_tell(const struct roster *roster, int value);

/* Sends a signal to all workers, or only to those that end last or do not. */
enum roster_who { ROSTER_ALL, ROSTER_FIRST, ROSTER_LAST };
void roster_signal(const struct roster *roster, enum roster_who who, int signo);
size_t roster_alive(const struct roster *roster, enum roster_who who);

#endif
