/* supervisor.h - the process that never does any work: it holds the sockets, keeps the workers and
 * the embedded database running, and passes signals on. No threads, no loop library.
 *
 * SIGTERM and SIGINT drain: workers get SIGTERM, those that end last when the others are gone,
 * after drain_us SIGKILL; then the database is stopped. A second one does not wait. SIGHUP reloads
 * in slices, between which everything else goes on; then all workers are replaced one after
 * another, or stay and are told by SIGHUP. If the supervisor itself is killed, its workers die with
 * it.
 */
#ifndef DVC_APP_SUPERVISOR_H
#define DVC_APP_SUPERVISOR_H

#include "app/roster.h"

/* The embedded PostgreSQL. All callbacks may block for a moment; each says in the log what went
 * wrong. It is started again when it ends, with the same pauses as a worker; workers are left to
 * reconnect. */
struct supervised_db {
    pid_t (*start)(void *ctx); /* its pid, which the supervisor reaps; negative: try again later */
    int (*ready)(void *ctx);   /* one look: 0 takes connections, else not yet */
    int (*opened)(void *ctx);  /* once, before the first worker: roles, schema; negative: give up */
    void (*stop)(void *ctx, int64_t timeout_us); /* ends it and reaps it; only while it runs */
    void *ctx;
};

enum reload_state {
    RELOAD_BUSY,   /* there is more to do: at once, after a look at the signals */
    RELOAD_WAITS,  /* for a child of its own to end */
    RELOAD_SERVES, /* done: every worker is replaced, see roster_renew */
    RELOAD_REFUSED /* done: workers stay, and get SIGHUP with *ret_faults as its value */
};

/* What SIGHUP does, a slice of a few milliseconds at a time. May change restart_*, log_level and
 * drain_us. A SIGHUP while one is under way begins another after it. */
struct supervised_reload {
    void (*begin)(void *ctx);
    enum reload_state (*go_on)(void *ctx, int *ret_faults);
    void (*cancel)(void *ctx); /* instead of go_on: the supervisor ends */
    void *ctx;
};

enum { SUPERVISOR_E_DATABASE = 1 }; /* it did not become ready in time, or `opened` gave up */

struct supervisor_settings {
    struct roster_settings roster;  /* private_fd is set by the supervisor */
    const struct supervised_db *db; /* NULL: none of ours */
    int64_t drain_us;
    int64_t db_ready_us; /* from the first start to being ready */
    int64_t db_stop_us;
    void (*ready)(void *ctx);  /* once: every worker has reported; may be NULL */
    const struct supervised_reload *reload; /* NULL: workers are only told of a SIGHUP, by 0 */
    void *ctx;                              /* of ready */
};
/* 100 ms to 5 s between restarts, 30 s healthy; 10 s for a successor; 15 s to drain. */
struct supervisor_settings supervisor_settings_default(void);

/* Runs until it is told to end: 0, a SUPERVISOR_E_* or -errno. Tells systemd when it is ready and
 * when it stops. Restores the signals that it takes over. */
int supervisor_run(struct supervisor_settings *settings) DVC_MUSTCHECK;

#endif
