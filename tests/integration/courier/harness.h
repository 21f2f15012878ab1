/* harness.h - a courier with an in-memory port against a real simulated post, for one test at a
 * time. */
#ifndef COURIER_HARNESS_H
#define COURIER_HARNESS_H

#include "base/arena.h"
#include "base/loop.h"
#include "base/value.h"
#include "courier/outbox.h"
#include "courier/postal.h"
#include "courier/tracking.h"

#include <stdio.h>
#include <sys/types.h>

#define ITEMS_MAX 512
#define EVENTS_MAX 4096

enum stored_state { STORED_TODO, STORED_CLAIMED, STORED_DONE, STORED_DEAD };

/* A row of the in-memory outbox. */
struct stored {
    struct outbox_item item;
    enum stored_state state;
    wall_t next_at;
    int claims, saves;
    enum attempt_result last;
    int64_t last_status;
};

struct seen_event {
    char id[25], order[64];
    int code;
    wall_t at;
};

struct harness {
    struct arena *arena;
    struct loop *loop;
    struct curlmux *mux;
    struct postal *postal;
    struct outbox *outbox;
    struct tracking *tracking;
    struct vnpost_target target;
    struct carrier_customer customer;
    const char *agencies[1];
    struct carrier_province province;
    struct loop_timer *alarm;
    bool alarmed;
    pid_t post; /* 0: does not run */
    int port;
    char folder[64];
    const char *const *post_options;
    struct stored items[ITEMS_MAX];
    size_t item_count;
    bool loose_claim; /* the port hands out what follows a claimed item of its lane */
    int attempts_max; /* 0: 3 */
    int fail_saves;   /* the next so many writes of the outbox port fail */
    int fail_event;   /* the so-manyth tracking event from now cannot be written; 0: none */
    int heartbeats, releases;
    char cursor[25];
    int cursor_saves;
    struct seen_event events[EVENTS_MAX];
    size_t event_count;
    bool failed; /* a check failed */
};

extern const char *const harness_no_options[];
/* Starts the post with these options (ended by NULL) and a client for it. `secret` NULL: a good
 * one. */
void harness_open(struct harness *h, const char *const *post_options, const char *secret);
void harness_close(struct harness *h);
/* Outbox and tracking with short times; begins at once. */
void harness_start_outbox(struct harness *h);
void harness_start_tracking(struct harness *h);
void harness_stop_outbox(struct harness *h);
void harness_stop_tracking(struct harness *h);
void harness_kill_post(struct harness *h);
void harness_restart_post(struct harness *h);
/* One order (topic "order" or "cancel") of a dossier's lane; returns its index. */
size_t harness_add(struct harness *h, int64_t dossier, const char *topic, const char *number);
/* Runs the loop until `done` or for `ms`; whether it was done. */
bool harness_until(struct harness *h, bool (*done)(struct harness *h));
void harness_run_ms(struct harness *h, int ms);
bool harness_all_settled(struct harness *h); /* every item done or dead */
bool harness_all_done(struct harness *h);
/* A control call of the post; the answer lives in h->arena. NULL when it failed. */
struct value *harness_steer(struct harness *h, const char *path);
struct value *harness_look(struct harness *h, const char *path);
/* How many orders the post holds; -1 when it does not answer. */
int64_t harness_accepted(struct harness *h);

struct harness_test {
    const char *name;
    void (*run)(struct harness *h);
};
#define HARNESS_TEST(name)                                                                         \
    {                                                                                              \
#name, test_##name                                                                         \
    }
/* The program: TAP on standard output, the first argument chooses one; the exit code. */
int harness_run_all(const struct harness_test *tests, size_t count, int argc, char **argv);

#define CHECK(h, cond, ...)                                                                        \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            (h)->failed = true;                                                                    \
            printf("# %s:%d: %s: ", __FILE__, __LINE__, #cond);                                    \
            printf(__VA_ARGS__);                                                                   \
            printf("\n");                                                                          \
        }                                                                                          \
    } while (0)

#endif
