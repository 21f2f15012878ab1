/* toy.h - workers and a database for the supervisor's test: they answer small questions over TCP
 * and write what happens to them on a board that all processes share. */
#ifndef DVC_TOY_H
#define DVC_TOY_H

#include <sys/types.h>

#include "app/supervisor.h"

enum { TOY_SLOTS = 4, TOY_STARTS = 64 };

/* Shared memory; zeroed before each test. */
struct board {
    unsigned sequence; /* of what is numbered below, from 1 */
    unsigned ready, reloads, slices;
    pid_t gateway[TOY_SLOTS], keeper, stubborn;
    unsigned gateway_starts[TOY_SLOTS], crasher_starts, keeper_starts;
    int64_t crasher_at[TOY_STARTS];       /* microseconds, by start */
    unsigned gateway_ended, keeper_ended; /* in the sequence; of gateways the last */
    unsigned hups;
    int hup_value;               /* what came with the last */
    bool renews;                 /* what the reload callback answers */
    bool hold;                   /* gateways that are started again wait before they are ready */
    unsigned serving[TOY_SLOTS]; /* gateways that take what comes */
    unsigned away, most_away;    /* slots in which none does any more; at the start none did yet */
    unsigned relieved;           /* were told that their successor serves */
    int64_t gateway_ready_at, told_ready_at;
    int listen_fds[TOY_SLOTS]; /* by slot */
    pid_t db;
    unsigned db_starts, db_looks, db_opened, db_stopped; /* opened, stopped: in the sequence */
    unsigned started_before_opened;
};

struct board *toy_board(void); /* made at the first call, before any fork */

/* What the gateways are told by worker_type.ctx. */
struct toy_habits {
    int64_t ready_after_us;   /* of slot 0 */
    int64_t restart_after_us; /* sleeps so long before it looks at its socket the second time */
    int64_t linger_us;        /* goes on for so long when it is relieved */
    int beat_ms;              /* 0: none */
    unsigned crash, hang;     /* the start, from 1, that ends with 1 or is never ready; 0: none */
};

/* Answers one line each: "pid", "fds" (which of the board's sockets are open here), "slow" (after
 * half a second), "die" (SIGKILL), "auth" (asks the helper for a hash). Drains at SIGTERM and at
 * WORKER_RELIEVED. */
int toy_gateway(const struct worker_env *env);
int toy_crasher(const struct worker_env *env);  /* ends with 1 at once */
int toy_keeper(const struct worker_env *env);   /* waits for SIGTERM, takes no notice of SIGHUP */
int toy_stubborn(const struct worker_env *env); /* takes no notice of SIGTERM */
int toy_auth(const struct worker_env *env);     /* the real auth helper */

/* A process that does nothing, ready at the third look; with `never`, not at all. */
struct toy_db {
    bool never, refuses;
};
struct supervised_db toy_database(struct toy_db *db);

#endif
