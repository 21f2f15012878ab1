/* pool.h - struct store: a worker's connections to the database and the queue before them. Reads go
 * pipelined to the least loaded reader; writes to the writers. Links come back by themselves. */
#ifndef DVC_STORE_POOL_H
#define DVC_STORE_POOL_H

#include "base/loop.h"
#include "store/op.h"

struct store;

struct store_settings {
    const char *conninfo;    /* libpq's, role dvcd_app */
    const char *application; /* shown by the server, e.g. "dvcd gateway/0" */
    uint32_t readers;        /* 1..16 */
    uint32_t writers;        /* 1..4 */
    uint32_t pipeline_depth; /* ops in flight on one connection */
    uint32_t queue_max;      /* ops waiting for a connection; beyond it STORE_E_BUSY */
    uint32_t batch_max;      /* changes in one commit */
    uint32_t change_queue_max;
    int64_t connect_timeout_us;   /* from the first packet to a session */
    int64_t statement_timeout_us; /* the server ends a longer statement (57014: STORE_E_TIMEOUT) */
    int64_t anchor_every_us;      /* how often the clock is anchored */
};
/* Readers 2, writers 2, depth 16, queue 4096, batch 256, change queue 4096, 10 s each. */
struct store_settings store_settings_default(void);

/* Copies the settings, borrows loop and statements. Connecting starts with the first turn; the
 * store's own statements (session_start, session_types, clock_read, change_batch) must be in the
 * table, else -ENOENT. */
int store_new(struct loop *loop, const struct store_settings *settings,
              const struct statements *statements, struct store **ret) DVC_MUSTCHECK;
/* Answers everything outstanding with STORE_E_CANCELLED, then closes. Not from inside a callback.
 */
struct store *store_free(struct store *store);

/* The statement of that name, NULL when there is none. Resolve once at start. */
const struct statement *store_statement(const struct store *store, const char *name);

/* Runs a statement as a transaction of its own. Parameters are copied. on_done comes exactly once,
 * later in this turn at the earliest. Waiting for a link counts against the timeout. A read, and a
 * write that is repeatable, is sent again after a lost link; a conflict (40xxx) up to three times.
 * Returns the op's id for store_cancel. */
uint64_t store_query(struct store *store, const struct statement *statement,
                     const struct db_param *params, size_t count, int64_t timeout_us,
                     db_done_fn on_done, void *ctx);
/* Answers the op with STORE_E_CANCELLED before returning; an op that is gone: nothing. A write
 * already sent may still happen. */
void store_cancel(struct store *store, uint64_t id);

struct loop *store_loop(struct store *store);
/* A reader and a writer are up. */
bool store_up(const struct store *store);
/* Database's clock minus this machine's system clock, in microseconds; 0 before the first
 * anchoring. Nothing here runs by the system clock, but who reads the machine's logs does. */
int64_t store_skew_us(const struct store *store);

struct store_stats {
    uint32_t readers_up, writers_up;
    uint64_t queued, in_flight;                        /* now */
    uint64_t queries, errors, timeouts, refused, lost; /* since start */
    uint64_t links_lost; /* since start: connections that broke or could not be made */
    uint64_t batches, changes, changes_duplicate, changes_stale, changes_split;
};
struct store_stats store_stats(const struct store *store);
/* Why a connection was lost or could not be made the last time, code 0 when none ever was. */
struct db_error store_last_fault(const struct store *store);

#endif
