/* chore.h - a statement that is run again and again, mostly while we hold the lease: folding,
 * purging, partitions. Its first column says how much it did; as much as it may do at once means
 * that more is waiting. Each must be right when two clocks run it at the same time. */
#ifndef DVC_CLOCK_CHORE_H
#define DVC_CLOCK_CHORE_H

#include "base/loop.h"

struct service;
struct chore;

#define CHORE_PARAMS_MAX 2

struct chore_kind {
    const char *statement; /* static: its name, also in the log */
    int64_t every_us;
    int64_t params[CHORE_PARAMS_MAX];
    int param_count;
    int64_t full;     /* so much done: run again without waiting; 0: never */
    const char *text; /* the statement's last parameter, as long as the chore lives; NULL: none */
};

struct chore_stats {
    uint64_t runs, failures, done; /* done: sum of what it said */
};

struct chore *chore_new(struct service *service, const struct chore_kind *kind);
struct chore *chore_free(struct chore *chore); /* takes NULL, returns NULL */
void chore_start(struct chore *chore);         /* runs at once */
void chore_stop(struct chore *chore);          /* what is under way comes to its end */
bool chore_idle(const struct chore *chore);
struct chore_stats chore_stats(const struct chore *chore);

#endif
