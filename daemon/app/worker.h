/* worker.h - what a worker process is given when the supervisor forks it. */
#ifndef DVC_APP_WORKER_H
#define DVC_APP_WORKER_H

#include <signal.h>

#include "base/check.h"
#include "base/wall.h"

#define WORKER_LISTEN_MAX 16 /* addresses to listen on */
#define WORKER_SLOTS_MAX 64  /* workers of one type */
#define WORKER_NAME_SIZE 32
#define WORKER_RELIEVED SIGUSR1 /* to a worker of a type that overlaps: its successor serves */
#define WORKER_BEAT_US (10 * US_PER_SECOND)

struct worker_env {
    char name[WORKER_NAME_SIZE]; /* "gateway/0": the logger has it already */
    unsigned slot;               /* 0.. among the workers of its type */
    unsigned starts;             /* how often this slot was started, from 1 */
    const int *listen_fds;       /* of this slot; the supervisor's: closing one loses nothing */
    size_t listen_count;         /* -1 stands where this slot has none */
    size_t listen_plain;         /* the first so many speak plain HTTP, the others TLS */
    int auth_fd;           /* a gateway's end of its slot's pair with the auth helper, or -1 */
    const int *helper_fds; /* the auth helper's ends of all pairs */
    size_t helper_count;
    int ready_fd; /* worker_ready writes there */
    void *ctx;    /* the table's */
};

/* Tells the supervisor that this worker does its work. The first time all have said so, the service
 * is ready. One whose type beats says it again every WORKER_BEAT_US at the latest. */
void worker_ready(const struct worker_env *env);

/* A kind of worker. `run` is called in a fresh process and its result ends that process: 0 is a
 * planned end. It begins with SIGTERM at its default (ends the process at once), SIGHUP, SIGINT and
 * SIGPIPE ignored, nothing blocked, and dies with the supervisor. To drain and to reload it handles
 * SIGTERM, WORKER_RELIEVED and SIGHUP itself. */
struct worker_type {
    const char *name; /* "gateway" */
    unsigned count;
    bool listens;     /* has the listening sockets of its slot */
    bool asks_auth;   /* has its slot's end of a pair with the auth helper */
    bool serves_auth; /* has the other ends of all pairs */
    bool ends_last;   /* told to end when all others are gone: who drains may still need it */
    bool overlaps;    /* its successor is ready before it is told to end, by WORKER_RELIEVED */
    bool beats;       /* a long silence after it was ready means that it hangs */
    int (*run)(const struct worker_env *env);
    void *ctx;
};

#endif
