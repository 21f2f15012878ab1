#include "clock/clockwork.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock/chore.h"
#include "clock/lease.h"
#include "clock/handovers.h"
#include "clock/migration.h"
#include "clock/recalculation.h"
#include "clock/timers.h"
#include "service/service.h"

#define READY_LOOK_US (100 * INT64_C(1000))
#define DRAIN_LOOK_US (20 * INT64_C(1000))

enum chore_id {
    CHORE_FOLD,
    CHORE_STOCK,
    CHORE_SESSIONS,
    CHORE_UPLOADS,
    CHORE_AHEAD,
    CHORE_OUTBOX,
    CHORE_COUNT
};

struct clockwork {
    struct service *service;
    struct clock_options options;
    char holder[128];
    struct lease *lease; /* NULL until the service is ready, and without one */
    struct timers *timers;
    struct recalculation *recalculation;
    struct handovers *handovers;
    struct migration *migration;
    struct chore *chores[CHORE_COUNT];
    struct chore *beat; /* every node's, with or without the lease; NULL: none */
    struct loop_timer *look;
    bool begun, working, draining, given;
    void (*drained)(void *ctx);
    void *drained_ctx;
};

struct clock_options clock_options_default(const struct service *service)
{
    const struct settings *settings = &service->generation->settings;

    return (struct clock_options){
        .lease_us = settings->clock.lease_ms * 1000,
        .beat_us = US_PER_MINUTE,
        .busy_us = settings->database.poll_busy_ms * 1000,
        .idle_us = settings->clock.tick_ms * 1000,
        .timer_batch = (int)settings->clock.batch_max,
        .in_flight = 16,
        .fold_us = settings->clock.fold_ms * 1000,
        .fold_rows = 5000,
        .stock_us = 10 * US_PER_MINUTE,
        .recalculate_us = 10 * US_PER_SECOND,
        .recalculate_batch = 200,
        .migrate_us = US_PER_SECOND,
        .migrate_batch = 200,
        .purge_us = settings->clock.purge_minutes * US_PER_MINUTE,
        .partitions_us = 10 * US_PER_MINUTE,
        .purge_rows = 500,
        .upload_hours = (int)settings->retention.upload_hours,
        .session_days = (int)settings->retention.session_days,
        .outbox_days = (int)settings->retention.outbox_days,
        .partition_ahead = 500000,
    };
}

static void make_chores(struct clockwork *work)
{
    const struct clock_options *o = &work->options;
    const struct chore_kind kinds[CHORE_COUNT] = {
        [CHORE_FOLD] = {"stat_fold", o->fold_us, {o->fold_rows}, 1, o->fold_rows, NULL},
        [CHORE_STOCK] = {"stat_stock", o->stock_us, {0}, 0, 1, NULL},
        [CHORE_SESSIONS] = {"purge_sessions",
                            o->purge_us,
                            {o->session_days, o->purge_rows},
                            2,
                            o->purge_rows,
                            NULL},
        [CHORE_UPLOADS] = {"purge_uploads",
                           o->purge_us,
                           {o->upload_hours, o->purge_rows},
                           2,
                           o->purge_rows,
                           NULL},
        [CHORE_AHEAD] = {"partitions_ahead", o->partitions_us, {o->partition_ahead}, 1, 0, NULL},
        [CHORE_OUTBOX] = {"outbox_drop", o->partitions_us, {o->outbox_days}, 1, 0, NULL},
    };

    const struct chore_kind beat = {"config_reading_beat", o->beat_us, {0}, 0, 0, o->node};

    for (int i = 0; i < CHORE_COUNT; i++)
        work->chores[i] = chore_new(work->service, &kinds[i]);
    if (o->node != NULL)
        work->beat = chore_new(work->service, &beat);
}

static void set_working(void *ctx, bool working)
{
    struct clockwork *work = ctx;

    if (work->working == working)
        return;
    work->working = working;
    if (working) {
        timers_start(work->timers);
        recalculation_start(work->recalculation);
        handovers_start(work->handovers);
        migration_start(work->migration);
    } else {
        timers_stop(work->timers);
        recalculation_stop(work->recalculation);
        handovers_stop(work->handovers);
        migration_stop(work->migration);
    }
    for (int i = 0; i < CHORE_COUNT; i++) {
        if (working)
            chore_start(work->chores[i]);
        else
            chore_stop(work->chores[i]);
    }
}

static bool idle(const struct clockwork *work)
{
    bool idle = timers_idle(work->timers) && recalculation_idle(work->recalculation) &&
                handovers_idle(work->handovers) && migration_idle(work->migration) &&
                (work->beat == NULL || chore_idle(work->beat));

    for (int i = 0; i < CHORE_COUNT; i++)
        idle = idle && chore_idle(work->chores[i]);
    return idle;
}

static void on_given(void *ctx)
{
    struct clockwork *work = ctx;

    work->given = true;
    loop_timer_start(work->look, 0);
}

static void drain_step(struct clockwork *work)
{
    if (!idle(work)) {
        loop_timer_start(work->look, DRAIN_LOOK_US);
    } else if (!work->given && work->lease != NULL) {
        lease_give(work->lease, on_given, work);
    } else {
        work->drained(work->drained_ctx);
    }
}

static void on_look(void *ctx)
{
    struct clockwork *work = ctx;

    if (work->draining) {
        drain_step(work);
    } else if (!service_ready(work->service)) {
        loop_timer_start(work->look, READY_LOOK_US);
    } else if (!work->begun) {
        work->begun = true;
        if (work->beat != NULL)
            chore_start(work->beat);
        if (work->options.without_lease)
            set_working(work, true);
        else
            work->lease = lease_new(work->service, "clock", work->holder, work->options.lease_us,
                                    set_working, work);
    }
}

static void name_holder(struct clockwork *work)
{
    char host[64] = "";

    if (work->options.holder != NULL) {
        snprintf(work->holder, sizeof(work->holder), "%s", work->options.holder);
        return;
    }
    (void)gethostname(host, sizeof(host) - 1);
    snprintf(work->holder, sizeof(work->holder), "%s/%ld", host, (long)getpid());
}

struct clockwork *clockwork_new(struct service *service, const struct clock_options *options)
{
    struct clockwork *work = dvc_calloc(1, sizeof(*work));
    struct timers_options timers = {options->timer_batch, options->in_flight, options->busy_us,
                                    options->idle_us};
    struct recalculation_options recalculation = {options->recalculate_us,
                                                  options->recalculate_batch, options->in_flight};
    struct migration_options migration = {options->migrate_us, options->migrate_batch,
                                          options->in_flight};

    work->service = service;
    work->options = *options;
    name_holder(work);
    work->timers = timers_new(service, &timers);
    work->recalculation = recalculation_new(service, &recalculation);
    work->handovers = handovers_new(service);
    work->migration = migration_new(service, &migration);
    make_chores(work);
    work->look = loop_timer_new(service->loop, on_look, work);
    loop_timer_start(work->look, 0);
    return work;
}

void clockwork_drain(struct clockwork *work, void (*drained)(void *ctx), void *ctx)
{
    work->draining = true;
    work->drained = drained;
    work->drained_ctx = ctx;
    set_working(work, false);
    if (work->beat != NULL)
        chore_stop(work->beat);
    loop_timer_start(work->look, 0);
}

struct clockwork *clockwork_free(struct clockwork *work)
{
    if (work == NULL)
        return NULL;
    loop_timer_free(work->look);
    lease_free(work->lease);
    for (int i = 0; i < CHORE_COUNT; i++)
        chore_free(work->chores[i]);
    chore_free(work->beat);
    recalculation_free(work->recalculation);
    handovers_free(work->handovers);
    migration_free(work->migration);
    timers_free(work->timers);
    free(work);
    return NULL;
}

struct clock_stats clockwork_stats(const struct clockwork *work)
{
    struct timers_stats timers = timers_stats(work->timers);
    struct recalculation_stats recalculation = recalculation_stats(work->recalculation);
    struct clock_stats stats = {
        .leader = work->working,
        .term = work->lease != NULL ? lease_term(work->lease) : 0,
        .timers_fired = timers.fired,
        .timers_dropped = timers.dropped,
        .timers_postponed = timers.postponed,
        .timer_lag_us = timers.lag_us,
        .folded = chore_stats(work->chores[CHORE_FOLD]).done,
        .stocks_made = chore_stats(work->chores[CHORE_STOCK]).done,
        .recalculated = recalculation.done,
        .recalculation_failed = recalculation.failed,
        .migrated = migration_moved(work->migration),
        .sessions_purged = chore_stats(work->chores[CHORE_SESSIONS]).done,
        .uploads_purged = chore_stats(work->chores[CHORE_UPLOADS]).done,
        .partitions_made = chore_stats(work->chores[CHORE_AHEAD]).done,
        .partitions_dropped = chore_stats(work->chores[CHORE_OUTBOX]).done,
    };

    for (int i = 0; i < CHORE_COUNT; i++)
        stats.chore_failures += chore_stats(work->chores[i]).failures;
    return stats;
}
