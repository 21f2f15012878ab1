#include "service/lags.h"

#include <stdlib.h>

#include "service/service.h"

#define EVERY_US (5 * US_PER_SECOND)
#define ASKED_US US_PER_MINUTE
#define TIMEOUT_US (5 * US_PER_SECOND)

struct lags {
    struct service *service;
    struct loop_timer *timer;
    struct lags_seen seen;
    mono_t asked_until;
    bool reading, running, orphan;
    bool known;
};

void lags_take(struct lags_seen *ret, const struct db_rows *rows)
{
    *ret = (struct lags_seen){.at = ret->at,
                              .outbox_undelivered = db_int_at(rows, 0, 0, 0),
                              .outbox_oldest_us = db_int_at(rows, 0, 1, 0),
                              .dead_letters = db_int_at(rows, 0, 2, 0),
                              .deltas_unfolded = db_int_at(rows, 0, 3, 0),
                              .oldest_transaction_us = db_int_at(rows, 0, 4, 0),
                              .transactions_behind = db_int_at(rows, 0, 5, 0),
                              .timers_us = db_int_at(rows, 0, 6, 0)};
}

static void came(void *ctx, const struct db_result *result)
{
    struct lags *lags = ctx;

    if (lags->orphan) {
        free(lags);
        return;
    }
    lags->reading = false;
    loop_timer_start(lags->timer, EVERY_US);
    if (result->code != 0) {
        service_log_failure("lags", result);
        lags->known = false; /* an old number would look like a fresh one */
        return;
    }
    lags->known = true;
    lags_take(&lags->seen, result->rows);
    lags->seen.at = loop_mono(lags->service->loop);
}

static void on_timer(void *ctx)
{
    struct lags *lags = ctx;
    struct db_param most = db_int(LAGS_COUNT_MAX);

    lags->running = loop_mono(lags->service->loop).us < lags->asked_until.us;
    if (!lags->running) {
        lags->known = false;
        return;
    }
    if (lags->reading)
        return;
    lags->reading = true;
    store_query(lags->service->store, service_statement(lags->service, "lags"), &most, 1,
                TIMEOUT_US, came, lags);
}

struct lags *lags_new(struct service *service)
{
    struct lags *lags = dvc_calloc(1, sizeof(*lags));

    lags->service = service;
    lags->timer = loop_timer_new(service->loop, on_timer, lags);
    return lags;
}

struct lags *lags_free(struct lags *lags)
{
    if (lags == NULL)
        return NULL;
    lags->timer = loop_timer_free(lags->timer);
    if (lags->reading)
        lags->orphan = true; /* its answer still comes */
    else
        free(lags);
    return NULL;
}

const struct lags_seen *lags_ask(struct lags *lags)
{
    lags->asked_until.us = loop_mono(lags->service->loop).us + ASKED_US;
    if (!lags->running) {
        lags->running = true;
        loop_timer_start(lags->timer, 0);
    }
    return lags->known ? &lags->seen : NULL;
}
