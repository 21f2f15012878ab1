#include "store/anchor.h"

#include <stdlib.h>

/* An exchange that took longer says too little about what time it was in between. */
#define WINDOW_US (200 * INT64_C(1000))
/* After this long a link is asked for again, when there was none. */
#define AGAIN_US (US_PER_SECOND / 4)

struct anchor {
    struct loop *loop;
    const struct statement *clock_read;
    int64_t every_us, timeout_us;
    anchor_link_fn link;
    void *ctx;
    struct loop_timer *timer;
    bool asking;
    mono_t sent;
};

static void answered(void *ctx, const struct db_result *result)
{
    struct anchor *anchor = ctx;
    struct clock *clock = loop_clock(anchor->loop);
    mono_t received = mono_now();
    int64_t us;

    anchor->asking = false;
    loop_timer_start(anchor->timer, anchor->every_us);
    if (result->code != 0)
        return;
    us = db_int_at(result->rows, 0, 0, 0);
    if (us <= 0)
        return;
    if (clock->anchored && received.us - anchor->sent.us > WINDOW_US)
        return;
    (void)clock_anchor(clock, (wall_t){us}, anchor->sent, received);
}

/* Goes past the pool's queue: waiting there would make the exchange long and the reading vague. */
static void on_timer(void *ctx)
{
    struct anchor *anchor = ctx;
    struct dblink *link = anchor->link(anchor->ctx);
    struct db_op *op;

    if (link == NULL || anchor->asking || db_op_new(anchor->clock_read, NULL, 0, &op) != 0) {
        loop_timer_start(anchor->timer, AGAIN_US);
        return;
    }
    anchor->asking = true;
    op->on_done = answered;
    op->ctx = anchor;
    op->deadline = (mono_t){loop_mono(anchor->loop).us + anchor->timeout_us};
    anchor->sent = mono_now();
    dblink_send(link, op);
}

struct anchor *anchor_new(struct loop *loop, const struct statement *clock_read, int64_t every_us,
                          int64_t timeout_us, anchor_link_fn link, void *ctx)
{
    struct anchor *anchor = dvc_calloc(1, sizeof(*anchor));

    *anchor = (struct anchor){.loop = loop,
                              .clock_read = clock_read,
                              .every_us = every_us,
                              .timeout_us = timeout_us,
                              .link = link,
                              .ctx = ctx};
    anchor->timer = loop_timer_new(loop, on_timer, anchor);
    return anchor;
}

void anchor_hurry(struct anchor *anchor)
{
    if (!anchor->asking && !loop_clock(anchor->loop)->anchored)
        loop_timer_start(anchor->timer, 0);
}

struct anchor *anchor_free(struct anchor *anchor)
{
    if (anchor == NULL)
        return NULL;
    loop_timer_free(anchor->timer);
    free(anchor);
    return NULL;
}
