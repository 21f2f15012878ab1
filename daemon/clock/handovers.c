#include "clock/handovers.h"

#include <stdlib.h>

#include "base/log.h"
#include "service/carry.h"
#include "service/service.h"

#define EVERY_US (5 * US_PER_SECOND)

struct handovers {
    struct service *service;
    struct loop_timer *timer;
    bool started, running, orphan;
};

static void carried(void *ctx, const struct carried *result)
{
    struct handovers *job = ctx;

    if (job->orphan) {
        free(job);
        return;
    }
    job->running = false;
    if (result->done > 0)
        log_info("handovers_carried", "done=%zu failed=%zu", result->done, result->failed);
    if (job->started)
        loop_timer_start(job->timer, EVERY_US);
}

static void on_timer(void *ctx)
{
    struct handovers *job = ctx;

    if (job->running)
        return;
    job->running = true;
    carry_out(job->service, 0, carried, job);
}

struct handovers *handovers_new(struct service *service)
{
    struct handovers *job = dvc_calloc(1, sizeof(*job));

    job->service = service;
    job->timer = loop_timer_new(service->loop, on_timer, job);
    return job;
}

struct handovers *handovers_free(struct handovers *job)
{
    if (job == NULL)
        return NULL;
    job->timer = loop_timer_free(job->timer);
    job->started = false;
    if (job->running)
        job->orphan = true; /* its answer still comes */
    else
        free(job);
    return NULL;
}

void handovers_start(struct handovers *job)
{
    job->started = true;
    loop_timer_start(job->timer, 0);
}

void handovers_stop(struct handovers *job)
{
    job->started = false;
    loop_timer_stop(job->timer);
}

bool handovers_idle(const struct handovers *job)
{
    return !job->running;
}
