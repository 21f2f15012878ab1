#include "base/loop.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdlib.h>

/* After libevent: its structs use a LIST_ENTRY of another shape when none is there yet. */
#include "base/list.h"

struct deferred {
    struct list link;
    void (*fn)(void *ctx);
    void *ctx;
};

struct loop_signal_watch {
    struct list link;
    struct event event;
    void (*fn)(void *ctx);
    void *ctx;
};

struct loop {
    struct event_base *base;
    struct clock clock;
    bool stopping;
    bool read; /* the clocks were read in this turn */
    mono_t mono;
    wall_t now;
    struct list deferred; /* struct deferred, in the order they were asked for */
    struct list signals;  /* struct loop_signal_watch */
};

struct loop_timer {
    struct event event;
    void (*fn)(void *ctx);
    void *ctx;
};

struct loop_fd {
    struct event event;
    struct event_base *base;
    int fd;
    int want; /* LOOP_READ | LOOP_WRITE */
    void (*fn)(void *ctx, int what);
    void *ctx;
};

struct loop *loop_new(void)
{
    struct loop *loop = dvc_calloc(1, sizeof(*loop));
    struct event_config *config = event_config_new();

    DVC_REQUIRE(config != NULL);
    /* The coarse clock that is the default may fire a timer up to 4 ms early. */
    DVC_REQUIRE(event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER) == 0);
    loop->base = event_base_new_with_config(config);
    event_config_free(config);
    DVC_REQUIRE(loop->base != NULL);
    list_init(&loop->deferred);
    list_init(&loop->signals);
    return loop;
}

/* Those asked for while these run belong to the next turn. */
static void run_deferred(struct loop *loop)
{
    struct list batch = LIST_INIT(batch);
    struct list *link;

    while ((link = list_pop_front(&loop->deferred)) != NULL)
        list_push_back(&batch, link);
    while ((link = list_pop_front(&batch)) != NULL) {
        struct deferred *deferred = LIST_ENTRY(link, struct deferred, link);

        deferred->fn(deferred->ctx);
        free(deferred);
    }
}

struct loop *loop_free(struct loop *loop)
{
    struct list *link;

    if (loop == NULL)
        return NULL;
    while (!list_empty(&loop->deferred))
        run_deferred(loop);
    while ((link = list_pop_front(&loop->signals)) != NULL) {
        struct loop_signal_watch *watch = LIST_ENTRY(link, struct loop_signal_watch, link);

        event_del(&watch->event);
        free(watch);
    }
    event_base_free(loop->base);
    free(loop);
    return NULL;
}

int loop_run(struct loop *loop)
{
    int result = 0;

    while (!loop->stopping && result >= 0) {
        int flags = EVLOOP_ONCE | EVLOOP_NO_EXIT_ON_EMPTY;

        if (!list_empty(&loop->deferred))
            flags |= EVLOOP_NONBLOCK;
        loop->read = false;
        errno = 0;
        result = event_base_loop(loop->base, flags);
        if (result < 0)
            result = errno != 0 ? -errno : -EIO;
        run_deferred(loop);
    }
    loop->stopping = false;
    return result < 0 ? result : 0;
}

void loop_stop(struct loop *loop)
{
    loop->stopping = true;
    event_base_loopexit(loop->base, NULL);
}

struct event_base *loop_base(struct loop *loop)
{
    return loop->base;
}

/* Read by the first who asks in a turn, which is after the wait: a turn without questions costs no
 * reading, and no one sees the time from before the wait. */
static void read_clocks(struct loop *loop)
{
    if (loop->read)
        return;
    loop->mono = mono_now();
    loop->now = clock_now(&loop->clock);
    loop->read = true;
}

wall_t loop_now(struct loop *loop)
{
    read_clocks(loop);
    return loop->now;
}

mono_t loop_mono(struct loop *loop)
{
    read_clocks(loop);
    return loop->mono;
}

struct clock *loop_clock(struct loop *loop)
{
    return &loop->clock;
}

static void on_timer(evutil_socket_t fd, short what, void *ctx)
{
    struct loop_timer *timer = ctx;

    (void)fd;
    (void)what;
    timer->fn(timer->ctx);
}

struct loop_timer *loop_timer_new(struct loop *loop, void (*fn)(void *ctx), void *ctx)
{
    struct loop_timer *timer = dvc_calloc(1, sizeof(*timer));

    timer->fn = fn;
    timer->ctx = ctx;
    DVC_REQUIRE(event_assign(&timer->event, loop->base, -1, 0, on_timer, timer) == 0);
    return timer;
}

void loop_timer_start(struct loop_timer *timer, int64_t us)
{
    struct timeval after;

    if (us < 0)
        us = 0;
    after.tv_sec = us / US_PER_SECOND;
    after.tv_usec = us % US_PER_SECOND;
    DVC_REQUIRE(event_add(&timer->event, &after) == 0);
}

void loop_timer_stop(struct loop_timer *timer)
{
    event_del(&timer->event);
}

struct loop_timer *loop_timer_free(struct loop_timer *timer)
{
    if (timer != NULL)
        event_del(&timer->event);
    free(timer);
    return NULL;
}

static void on_fd(evutil_socket_t fd, short what, void *ctx)
{
    struct loop_fd *watch = ctx;

    (void)fd;
    watch->fn(watch->ctx, (what & EV_READ ? LOOP_READ : 0) | (what & EV_WRITE ? LOOP_WRITE : 0));
}

struct loop_fd *loop_fd_new(struct loop *loop, int fd, void (*fn)(void *ctx, int what), void *ctx)
{
    struct loop_fd *watch = dvc_calloc(1, sizeof(*watch));

    watch->base = loop->base;
    watch->fd = fd;
    watch->fn = fn;
    watch->ctx = ctx;
    DVC_REQUIRE(event_assign(&watch->event, watch->base, fd, 0, on_fd, watch) == 0);
    return watch;
}

void loop_fd_want(struct loop_fd *watch, int what)
{
    short events = EV_PERSIST;

    if (what == watch->want)
        return;
    event_del(&watch->event);
    watch->want = what;
    if (what == 0)
        return;
    events =
        (short)(events | (what & LOOP_READ ? EV_READ : 0) | (what & LOOP_WRITE ? EV_WRITE : 0));
    DVC_REQUIRE(event_assign(&watch->event, watch->base, watch->fd, events, on_fd, watch) == 0);
    DVC_REQUIRE(event_add(&watch->event, NULL) == 0);
}

struct loop_fd *loop_fd_free(struct loop_fd *watch)
{
    if (watch != NULL)
        event_del(&watch->event);
    free(watch);
    return NULL;
}

void loop_defer(struct loop *loop, void (*fn)(void *ctx), void *ctx)
{
    struct deferred *deferred = dvc_malloc(sizeof(*deferred));

    deferred->fn = fn;
    deferred->ctx = ctx;
    list_push_back(&loop->deferred, &deferred->link);
}

static void on_signal(evutil_socket_t fd, short what, void *ctx)
{
    struct loop_signal_watch *watch = ctx;

    (void)fd;
    (void)what;
    watch->fn(watch->ctx);
}

void loop_signal(struct loop *loop, int signo, void (*fn)(void *ctx), void *ctx)
{
    struct loop_signal_watch *watch = dvc_calloc(1, sizeof(*watch));

    watch->fn = fn;
    watch->ctx = ctx;
    DVC_REQUIRE(event_assign(&watch->event, loop->base, signo, EV_SIGNAL | EV_PERSIST, on_signal,
                             watch) == 0);
    DVC_REQUIRE(event_add(&watch->event, NULL) == 0);
    list_push_back(&loop->signals, &watch->link);
}
