#include "clock/chore.h"

#include <stdlib.h>

#include "base/log.h"
#include "service/service.h"

#define TIMEOUT_US (30 * US_PER_SECOND)

struct chore {
    struct service *service;
    struct chore_kind kind;
    struct chore_stats stats;
    struct loop_timer *timer;
    bool started, running, orphan;
};

static void ran(void *ctx, const struct db_result *result)
{
    struct chore *chore = ctx;
    int64_t done = 0;

    if (chore->orphan) {
        free(chore);
        return;
    }
    chore->running = false;
    if (result->code != 0) {
        chore->stats.failures++;
        log_warn("chore_failed", "chore=%s reason=%s sqlstate=%s detail=%s", chore->kind.statement,
                 store_error_name(result->code), result->error->sqlstate, result->error->message);
    } else {
        done = db_int_at(result->rows, 0, 0, 0);
        chore->stats.done += (uint64_t)done;
    }
    if (chore->started)
        loop_timer_start(chore->timer, chore->kind.full > 0 && done >= chore->kind.full
                                           ? 0
                                           : chore->kind.every_us);
}

static void on_timer(void *ctx)
{
    struct chore *chore = ctx;
    struct db_param params[CHORE_PARAMS_MAX + 1];
    int count = chore->kind.param_count;

    if (chore->running)
        return;
    for (int i = 0; i < count; i++)
        params[i] = db_int(chore->kind.params[i]);
    if (chore->kind.text != NULL)
        params[count++] = db_str(chore->kind.text);
    chore->running = true;
    chore->stats.runs++;
    store_query(chore->service->store, service_statement(chore->service, chore->kind.statement),
                params, (size_t)count, TIMEOUT_US, ran, chore);
}

struct chore *chore_new(struct service *service, const struct chore_kind *kind)
{
    struct chore *chore = dvc_calloc(1, sizeof(*chore));

    *chore = (struct chore){.service = service, .kind = *kind};
    chore->timer = loop_timer_new(service->loop, on_timer, chore);
    return chore;
}

struct chore *chore_free(struct chore *chore)
{
    if (chore == NULL)
        return NULL;
    chore->timer = loop_timer_free(chore->timer);
    if (chore->running)
        chore->orphan = true; /* its answer still comes */
    else
        free(chore);
    return NULL;
}

void chore_start(struct chore *chore)
{
    chore->started = true;
    loop_timer_start(chore->timer, 0);
}

void chore_stop(struct chore *chore)
{
    chore->started = false;
    loop_timer_stop(chore->timer);
}

bool chore_idle(const struct chore *chore)
{
    return !chore->running;
}

struct chore_stats chore_stats(const struct chore *chore)
{
    return chore->stats;
}
