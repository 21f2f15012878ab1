#include "clock/lease.h"

#include <stdlib.h>

#include "base/log.h"
#include "service/service.h"

struct lease {
    struct service *service;
    char *name, *holder;
    int64_t life_us, term;
    void (*changed)(void *ctx, bool held);
    void (*given)(void *ctx);
    void *ctx, *given_ctx;
    struct loop_timer *ask, *end;
    mono_t asked_at;
    int outstanding; /* answers to come */
    bool held, giving, orphan;
};

/* False when it is over with the lease, which is gone then. */
static bool came_back(struct lease *lease)
{
    lease->outstanding--;
    if (!lease->orphan)
        return true;
    if (lease->outstanding == 0) {
        free(lease->name);
        free(lease->holder);
        free(lease);
    }
    return false;
}

static void set_held(struct lease *lease, bool held)
{
    if (lease->held == held)
        return;
    lease->held = held;
    log_info(held ? "lease_won" : "lease_lost", "name=%s term=%lld", lease->name,
             (long long)lease->term);
    lease->changed(lease->ctx, held);
}

static void on_end(void *ctx)
{
    set_held(ctx, false);
}

static void given_back(void *ctx, const struct db_result *result)
{
    struct lease *lease = ctx;

    (void)result; /* not given back, it ends by itself */
    if (came_back(lease))
        lease->given(lease->given_ctx);
}

static void give_now(struct lease *lease)
{
    struct db_param params[2] = {db_str(lease->name), db_str(lease->holder)};

    lease->outstanding++;
    store_query(lease->service->store, service_statement(lease->service, "lease_give"), params, 2,
                lease->life_us, given_back, lease);
}

static void answered(void *ctx, const struct db_result *result)
{
    struct lease *lease = ctx;
    int64_t left;

    if (!came_back(lease))
        return;
    if (lease->giving)
        give_now(lease);
    if (lease->giving || result->code != 0)
        return; /* what we hold ends by itself when it cannot be renewed */
    if (db_rows_count(result->rows) == 0) {
        set_held(lease, false);
        return;
    }
    left = lease->life_us - (loop_mono(lease->service->loop).us - lease->asked_at.us);
    if (left <= 0)
        return;
    lease->term = db_int_at(result->rows, 0, 0, 0);
    loop_timer_start(lease->end, left);
    set_held(lease, true);
}

static void on_ask(void *ctx)
{
    struct lease *lease = ctx;
    struct db_param params[3] = {db_str(lease->name), db_str(lease->holder),
                                 db_int(lease->life_us)};

    loop_timer_start(lease->ask, lease->life_us / 3);
    if (lease->outstanding > 0)
        return;
    lease->outstanding++;
    lease->asked_at = loop_mono(lease->service->loop);
    store_query(lease->service->store, service_statement(lease->service, "lease_take"), params, 3,
                lease->life_us, answered, lease);
}

struct lease *lease_new(struct service *service, const char *name, const char *holder,
                        int64_t life_us, void (*changed)(void *ctx, bool held), void *ctx)
{
    struct lease *lease = dvc_calloc(1, sizeof(*lease));

    *lease = (struct lease){.service = service,
                            .name = dvc_strdup(name),
                            .holder = dvc_strdup(holder),
                            .life_us = life_us,
                            .changed = changed,
                            .ctx = ctx};
    lease->ask = loop_timer_new(service->loop, on_ask, lease);
    lease->end = loop_timer_new(service->loop, on_end, lease);
    loop_timer_start(lease->ask, 0);
    return lease;
}

struct lease *lease_free(struct lease *lease)
{
    if (lease == NULL)
        return NULL;
    lease->ask = loop_timer_free(lease->ask);
    lease->end = loop_timer_free(lease->end);
    lease->orphan = true; /* answers may still come: the last one takes it away */
    lease->outstanding++;
    (void)came_back(lease);
    return NULL;
}

/* A renewal still under way would take it back after the giving: its answer is waited for. */
void lease_give(struct lease *lease, void (*given)(void *ctx), void *ctx)
{
    loop_timer_stop(lease->ask);
    loop_timer_stop(lease->end);
    lease->giving = true;
    lease->given = given;
    lease->given_ctx = ctx;
    set_held(lease, false);
    if (lease->outstanding == 0)
        give_now(lease);
}

int64_t lease_term(const struct lease *lease)
{
    return lease->term;
}
