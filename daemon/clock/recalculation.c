#include "clock/recalculation.h"

#include <stdlib.h>

#include "base/log.h"
#include "clock/errand.h"
#include "service/figures.h"
#include "service/registry.h"
#include "service/service.h"

#define TIMEOUT_US (30 * US_PER_SECOND)
/* With nothing new published a pass finds only what a node that had not yet heard of the newest
 * calendar made: rare, and its dates are recomputed anyway before anyone acts on them. */
#define LOOK_AGAIN_US (600 * US_PER_SECOND)

struct recalculation {
    struct service *service;
    struct recalculation_options options;
    struct recalculation_stats stats;
    struct loop_timer *timer;
    int64_t *ids; /* one page */
    size_t count, next, flying;
    int64_t after; /* the last id of the page before */
    uint64_t pass_done;
    int64_t looked_generation, clean_generation; /* registry's: of this pass, of the last clean one */
    mono_t clean_at;
    bool started, asking, orphan;
};

static void pump(struct recalculation *job);

static bool gone(struct recalculation *job)
{
    if (!job->orphan || job->asking || job->flying > 0)
        return job->orphan;
    free(job->ids);
    free(job);
    return true;
}

static void end_pass(struct recalculation *job)
{
    if (job->pass_done > 0 || job->stats.failed > 0)
        log_info("calendar_recalculated", "done=%llu failed=%llu",
                 (unsigned long long)job->pass_done, (unsigned long long)job->stats.failed);
    if (job->pass_done == 0 && job->stats.failed == 0 && job->count == 0) {
        job->clean_generation = job->looked_generation;
        job->clean_at = loop_mono(job->service->loop);
    }
    job->after = 0;
    if (job->started)
        loop_timer_start(job->timer, job->options.every_us);
}

static void decided(void *ctx, const struct decided *result)
{
    struct recalculation *job = ctx;

    job->flying--;
    if (gone(job))
        return;
    switch (errand_verdict(result)) {
    case ERRAND_DONE:
        job->stats.done++;
        job->pass_done++;
        break;
    case ERRAND_MOOT:
        break;
    case ERRAND_AGAIN:
    case ERRAND_LATER:
        job->stats.failed++;
        break;
    }
    if (result->kind == DECIDE_UNSURE && result->store_code == STORE_E_CANCELLED)
        recalculation_stop(job); /* the store is closing */
    pump(job);
}

static void pump(struct recalculation *job)
{
    struct command command = command_blank(CMD_RECALCULATE);

    while (job->started && job->next < job->count && job->flying < (size_t)job->options.in_flight) {
        job->flying++;
        errand_run(job->service, job->ids[job->next++], &command, decided, job);
    }
    if (job->flying > 0)
        return;
    if (job->count == (size_t)job->options.batch && job->started)
        loop_timer_start(job->timer, 0);
    else
        end_pass(job);
}

static void read_page(void *ctx, const struct db_result *result)
{
    struct recalculation *job = ctx;

    job->asking = false;
    if (gone(job))
        return;
    job->count = job->next = 0;
    job->stats.failed += result->code != 0;
    for (size_t i = 0; result->code == 0 && i < db_rows_count(result->rows); i++)
        job->ids[job->count++] = db_int_at(result->rows, i, 0, 0);
    if (job->count > 0)
        job->after = job->ids[job->count - 1];
    pump(job);
}

static bool nothing_new(const struct recalculation *job)
{
    return job->clean_generation != 0 &&
           job->clean_generation == registry_generation(job->service->registry) &&
           loop_mono(job->service->loop).us - job->clean_at.us < LOOK_AGAIN_US;
}

static void on_timer(void *ctx)
{
    struct recalculation *job = ctx;
    struct agency_calendars calendars;
    struct arena *arena;

    if (job->asking || job->flying > 0)
        return;
    if (job->after == 0) {
        if (nothing_new(job)) {
            loop_timer_start(job->timer, job->options.every_us);
            return;
        }
        job->looked_generation = registry_generation(job->service->registry);
        job->pass_done = job->stats.failed = 0;
    }
    arena = arena_new();
    calendars = figures_calendars(job->service, arena);
    job->asking = true;
    store_query(job->service->store, service_statement(job->service, "calendar_behind"),
                (struct db_param[]){db_text_array(calendars.agencies, calendars.count),
                                    db_int_array(calendars.versions, calendars.count),
                                    db_int(job->after), db_int(job->options.batch)},
                4, TIMEOUT_US, read_page, job);
    arena_free(arena);
}

struct recalculation *recalculation_new(struct service *service,
                                        const struct recalculation_options *options)
{
    struct recalculation *job = dvc_calloc(1, sizeof(*job));

    *job = (struct recalculation){.service = service, .options = *options};
    job->ids = dvc_calloc((size_t)options->batch, sizeof(*job->ids));
    job->timer = loop_timer_new(service->loop, on_timer, job);
    return job;
}

struct recalculation *recalculation_free(struct recalculation *job)
{
    if (job == NULL)
        return NULL;
    job->timer = loop_timer_free(job->timer);
    job->started = false;
    job->orphan = true;
    (void)gone(job);
    return NULL;
}

void recalculation_start(struct recalculation *job)
{
    job->started = true;
    loop_timer_start(job->timer, 0);
}

void recalculation_stop(struct recalculation *job)
{
    job->started = false;
    loop_timer_stop(job->timer);
}

bool recalculation_idle(const struct recalculation *job)
{
    return !job->asking && job->flying == 0;
}

struct recalculation_stats recalculation_stats(const struct recalculation *job)
{
    return job->stats;
}
