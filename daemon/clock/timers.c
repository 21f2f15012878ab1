#include "clock/timers.h"

#include <stdlib.h>

#include "base/log.h"
#include "clock/errand.h"
#include "service/service.h"

#define TIMEOUT_US (10 * US_PER_SECOND)
/* What cannot be decided waits so long, so that it does not stand before all others. */
#define POSTPONE_US US_PER_HOUR

enum item_state { ITEM_WAITING, ITEM_FLYING, ITEM_OVER };

struct item {
    struct timers *timers;
    int64_t dossier;
    int scope, epoch, rung;
    wall_t fire_at;
    enum item_state state;
};

struct timers {
    struct service *service;
    struct timers_options options;
    struct timers_stats stats;
    struct loop_timer *timer;
    struct item *items; /* one batch */
    size_t count, waiting, flying;
    bool full;      /* there is more that is due */
    bool unsettled; /* some of the batch are still there: not at once again */
    wall_t next;    /* of the first that is not due, or WALL_NONE */
    bool started, asking, orphan;
};

static void pump(struct timers *timers);

/* True when it is over with the timers: freed as soon as nothing is under way. */
static bool gone(struct timers *timers)
{
    if (!timers->orphan || timers->asking || timers->flying > 0)
        return timers->orphan;
    free(timers->items);
    free(timers);
    return true;
}

static void schedule(struct timers *timers)
{
    int64_t pause = timers->options.idle_us;

    if (!timers->started)
        return;
    if (!wall_is_none(timers->next) && timers->next.us - loop_now(timers->service->loop).us < pause)
        pause = timers->next.us - loop_now(timers->service->loop).us;
    if (timers->full && !timers->unsettled)
        pause = 0;
    else if (pause < timers->options.busy_us)
        pause = timers->options.busy_us;
    loop_timer_start(timers->timer, timers->unsettled ? timers->options.idle_us : pause);
}

static void settle(struct item *item)
{
    struct timers *timers = item->timers;

    item->state = ITEM_OVER;
    timers->flying--;
    if (!gone(timers))
        pump(timers);
}

/* A store that is closing answers everything so: nothing new may be asked of it. */
static void unsettled(struct timers *timers, int store_code)
{
    timers->unsettled = true;
    if (store_code == STORE_E_CANCELLED && !timers->orphan)
        timers_stop(timers);
}

static void put_away(void *ctx, const struct db_result *result)
{
    struct item *item = ctx;

    if (result->code != 0)
        unsettled(item->timers, result->code);
    settle(item);
}

static void put_statement(struct item *item, const char *name, wall_t until)
{
    struct service *service = item->timers->service;
    struct db_param params[6] = {db_int(item->dossier), db_int(item->scope),    db_int(item->epoch),
                                 db_int(item->rung),    db_wall(item->fire_at), db_wall(until)};

    store_query(service->store, service_statement(service, name), params,
                wall_is_none(until) ? 5 : 6, TIMEOUT_US, put_away, item);
}

static void drop(struct item *item)
{
    item->timers->stats.dropped++;
    put_statement(item, "timer_drop", WALL_NONE);
}

static void postpone(struct item *item, const struct decided *decided)
{
    wall_t now = loop_now(item->timers->service->loop);

    item->timers->stats.postponed++;
    log_error("timer_postponed", "dossier=%lld scope=%d epoch=%d rung=%d wf=%d reason=%s",
              (long long)item->dossier, item->scope, item->epoch, item->rung, decided->wf,
              decided->refusal.code != NULL ? decided->refusal.code : "store");
    put_statement(item, "timer_postpone", (wall_t){now.us + POSTPONE_US});
}

static void by_verdict(struct item *item, const struct decided *decided)
{
    struct timers *timers = item->timers;

    switch (errand_verdict(decided)) {
    case ERRAND_DONE:
        timers->stats.fired++;
        timers->stats.lag_us = decided->now.us - item->fire_at.us;
        settle(item);
        return;
    case ERRAND_MOOT:
        drop(item);
        return;
    case ERRAND_AGAIN:
        timers->stats.again++;
        unsettled(timers, decided->store_code);
        settle(item);
        return;
    case ERRAND_LATER:
        break;
    }
    postpone(item, decided);
}

static void fired(void *ctx, const struct decided *decided)
{
    struct item *item = ctx;

    if (item->timers->orphan)
        settle(item);
    else
        by_verdict(item, decided);
}

static void fire(struct item *item)
{
    struct command command = command_blank(CMD_TIMER);

    command.scope = item->scope;
    command.epoch = item->epoch;
    command.rung = item->rung;
    item->state = ITEM_FLYING;
    item->timers->waiting--;
    item->timers->flying++;
    errand_run(item->timers->service, item->dossier, &command, fired, item);
}

/* The oldest whose dossier is not just being decided: rungs of one dossier go in their order. */
static struct item *next_item(struct timers *timers)
{
    for (size_t i = 0; i < timers->count; i++) {
        struct item *item = &timers->items[i];
        bool busy = false;

        if (item->state != ITEM_WAITING)
            continue;
        for (size_t k = 0; k < i && !busy; k++)
            busy = timers->items[k].state != ITEM_OVER && timers->items[k].dossier == item->dossier;
        if (!busy)
            return item;
    }
    return NULL;
}

static void pump(struct timers *timers)
{
    struct item *item;

    while (timers->started && timers->waiting > 0 &&
           timers->flying < (size_t)timers->options.in_flight && (item = next_item(timers)) != NULL)
        fire(item);
    if (timers->flying == 0)
        schedule(timers);
}

static void take_row(struct timers *timers, const struct db_rows *rows, size_t row)
{
    timers->items[timers->count++] = (struct item){.timers = timers,
                                                   .dossier = db_int_at(rows, row, 0, 0),
                                                   .scope = (int)db_int_at(rows, row, 1, 0),
                                                   .epoch = (int)db_int_at(rows, row, 2, 0),
                                                   .rung = (int)db_int_at(rows, row, 3, 0),
                                                   .fire_at = db_wall_at(rows, row, 4)};
}

static void read_batch(void *ctx, const struct db_result *result)
{
    struct timers *timers = ctx;
    wall_t now;
    size_t rows;

    timers->asking = false;
    if (gone(timers))
        return;
    timers->count = 0;
    timers->next = WALL_NONE;
    timers->unsettled = false;
    if (result->code != 0)
        unsettled(timers, result->code);
    rows = result->code == 0 ? db_rows_count(result->rows) : 0;
    now = loop_now(timers->service->loop);
    for (size_t i = 0; i < rows; i++) {
        wall_t at = db_wall_at(result->rows, i, 4);

        if (at.us > now.us) {
            timers->next = at;
            break;
        }
        take_row(timers, result->rows, i);
    }
    timers->waiting = timers->count;
    timers->full = timers->count == (size_t)timers->options.batch;
    pump(timers);
}

static void on_timer(void *ctx)
{
    struct timers *timers = ctx;
    struct db_param most = db_int(timers->options.batch);

    if (timers->asking || timers->flying > 0)
        return;
    timers->asking = true;
    store_query(timers->service->store, service_statement(timers->service, "timers_due"), &most, 1,
                TIMEOUT_US, read_batch, timers);
}

struct timers *timers_new(struct service *service, const struct timers_options *options)
{
    struct timers *timers = dvc_calloc(1, sizeof(*timers));

    *timers = (struct timers){.service = service, .options = *options, .next = WALL_NONE};
    timers->items = dvc_calloc((size_t)options->batch, sizeof(*timers->items));
    timers->timer = loop_timer_new(service->loop, on_timer, timers);
    return timers;
}

struct timers *timers_free(struct timers *timers)
{
    if (timers == NULL)
        return NULL;
    timers->timer = loop_timer_free(timers->timer);
    timers->started = false;
    timers->orphan = true;
    (void)gone(timers);
    return NULL;
}

void timers_start(struct timers *timers)
{
    timers->started = true;
    loop_timer_start(timers->timer, 0);
}

void timers_stop(struct timers *timers)
{
    timers->started = false;
    timers->waiting = 0;
    loop_timer_stop(timers->timer);
}

bool timers_idle(const struct timers *timers)
{
    return !timers->asking && timers->flying == 0;
}

struct timers_stats timers_stats(const struct timers *timers)
{
    return timers->stats;
}
