/* node.h - what gateway, clock and courier workers have in common: loop, store, service, readiness,
 * drain on SIGTERM and on WORKER_RELIEVED. */
#ifndef DVC_APP_NODE_H
#define DVC_APP_NODE_H

#include "app/worker.h"
#include "service/service.h"

/* The supervisor's: a worker has what stood here when it was forked. */
struct files;

struct node_config {
    const struct generation *generation; /* the one that serves */
    const struct published *published;   /* service/published.h: what the database had, with it */
    int64_t config_errors; /* of the newest reading of the configuration, serving or refused */
    const struct statements *statements;
    const char *name;     /* base/nodename.h */
    const char *conninfo; /* libpq's, role dvcd_app */
    const struct files *files; /* of the web client, NULL: none. Read and packed once, before the fork */
};

struct node {
    const struct worker_env *env;
    const struct node_config *config;
    struct loop *loop;
    struct store *store;
    struct service *service;
    struct authclient *auth;      /* gateways */
    struct loop_timer *watch;     /* until ready */
    struct loop_timer *last_call; /* from the drain's begin */
    struct loop_timer *health;    /* own memory, database, clock */
    struct loop_fd *hangup;       /* SIGHUP: the supervisor tells how many errors it found */
    int hangup_fd;
    int64_t config_errors;
    int64_t private_kib; /* own memory when last looked at */
    bool skewed;  /* the system clock was off when last looked at */
    bool cut_off; /* there was no database when last looked at */
    void (*on_ready)(struct node *node); /* the service answers; called once */
    void (*on_drain)(struct node *node); /* ends with node_drained; again when `relieved` ends */
    void *ctx;                    /* the worker's own */
    bool ready, draining;
    bool relieved; /* the drain needs no hurry: its successor serves */
};

/* 0, or an exit status after having logged why. The env's ctx is a struct node_config. */
int node_init(struct node *node, const struct worker_env *env, uint32_t readers,
              uint32_t writers) DVC_MUSTCHECK;
/* Runs the loop until drained; frees everything. Gives the exit status. */
int node_run(struct node *node);
void node_drained(struct node *node);
/* The system clock is off by more than clock.skew_warning_ms. */
bool node_skewed(const struct node *node);
/* Closes the store: every call still outstanding is answered, none comes afterwards. The worker
 * frees what those answers go to only then. */
void node_close_store(struct node *node);
void node_release(struct node *node); /* everything; the worker has freed its own */

#endif
