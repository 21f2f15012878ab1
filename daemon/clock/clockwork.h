/* clockwork.h - the clock of a node: while it holds the lease it fires due timers, folds the
 * figures, recalculates after a new calendar, moves dossiers to another version when an
 * administrator orders it, makes partitions ahead and purges. Any number may run: one works, the
 * next takes over when its lease ends, and two at once do no harm. */
#ifndef DVC_CLOCK_CLOCKWORK_H
#define DVC_CLOCK_CLOCKWORK_H

#include "base/clock.h"

struct service;
struct clockwork;

struct clock_options {
    const char *holder; /* unique among all clocks; NULL: host name and process */
    const char *node; /* said to be there as long as this runs (base/nodename.h); NULL: not said */
    bool without_lease; /* works at once, beside others: for tests of two at once */
    int64_t lease_us, beat_us;
    int64_t busy_us, idle_us; /* shortest and longest pause between looks for due timers */
    int timer_batch, in_flight;
    int64_t fold_us, stock_us; /* the stock of a week is summed up when the week is over */
    int fold_rows;
    int64_t recalculate_us;
    int recalculate_batch;
    int64_t migrate_us;
    int migrate_batch;
    int64_t purge_us, partitions_us;
    int purge_rows, upload_hours, session_days, outbox_days;
    int64_t partition_ahead; /* rows for which there is always room */
};
/* As the configuration says. */
struct clock_options clock_options_default(const struct service *service);

/* For the metrics. */
struct clock_stats {
    bool leader;
    int64_t term;
    uint64_t timers_fired, timers_dropped, timers_postponed;
    int64_t timer_lag_us;
    uint64_t folded, stocks_made, recalculated, recalculation_failed, migrated;
    uint64_t sessions_purged, uploads_purged, partitions_made, partitions_dropped;
    uint64_t chore_failures;
};

/* Copies the options; begins when the service is ready. */
struct clockwork *clockwork_new(struct service *service, const struct clock_options *options);
/* Stops beginning new work; `drained` runs once, not before this returns, when what was under way
 * is done and the lease given back. */
void clockwork_drain(struct clockwork *work, void (*drained)(void *ctx), void *ctx);
/* Frees at once; answers still to come find nobody. Takes NULL, returns NULL. */
struct clockwork *clockwork_free(struct clockwork *work);
struct clock_stats clockwork_stats(const struct clockwork *work);

#endif
