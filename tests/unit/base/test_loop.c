#include "base/loop.h"

#include "dvc_test.h"

#include <signal.h>
#include <unistd.h>

static struct loop *loop;
static struct loop_timer *timer, *other;
static int calls;
static char order[64];
static mono_t seen;

static void note(const char *what)
{
    strncat(order, what, sizeof(order) - strlen(order) - 1);
}

static void stop(void *ctx)
{
    (void)ctx;
    loop_stop(loop);
}

static void stop_after(int64_t us)
{
    struct loop_timer *end = loop_timer_new(loop, stop, NULL);

    loop_timer_start(end, us);
    DVC_EQ_INT(loop_run(loop), 0);
    loop_timer_free(end);
}

static void count(void *ctx)
{
    (void)ctx;
    calls++;
    seen = mono_now();
}

DVC_TEST(loop, timer_fires_once_and_not_early)
{
    mono_t start;

    loop = loop_new();
    timer = loop_timer_new(loop, count, NULL);
    start = mono_now();
    loop_timer_start(timer, 20000);
    stop_after(60000);
    DVC_EQ_INT(calls, 1);
    cr_assert(seen.us - start.us >= 20000, "%lld us", (long long)(seen.us - start.us));
    loop_timer_free(timer);
    loop_free(loop);
}

DVC_TEST(loop, a_later_start_replaces_and_stop_is_idempotent)
{
    loop = loop_new();
    timer = loop_timer_new(loop, count, NULL);
    other = loop_timer_new(loop, count, NULL);
    loop_timer_start(timer, 1000);
    loop_timer_start(timer, 10 * US_PER_SECOND);
    loop_timer_start(other, 1000);
    loop_timer_stop(other);
    loop_timer_stop(other);
    stop_after(30000);
    DVC_EQ_INT(calls, 0);
    loop_timer_start(timer, -5);
    stop_after(10000);
    DVC_EQ_INT(calls, 1);
    cr_assert_null(loop_timer_free(timer));
    cr_assert_null(loop_timer_free(other));
    cr_assert_null(loop_timer_free(NULL));
    cr_assert_null(loop_free(loop));
}

static void free_itself(void *ctx)
{
    (void)ctx;
    calls++;
    loop_timer_stop(timer);
    timer = loop_timer_free(timer);
}

DVC_TEST(loop, timer_freed_in_its_own_callback)
{
    loop = loop_new();
    timer = loop_timer_new(loop, free_itself, NULL);
    loop_timer_start(timer, 0);
    stop_after(5000);
    DVC_EQ_INT(calls, 1);
    loop_free(loop);
}

static void stop_the_other(void *ctx)
{
    calls++;
    loop_timer_stop(ctx);
}

/* Both are due in the same turn; the first stops the second. */
DVC_TEST(loop, a_timer_stopped_by_another_of_its_turn_stays_silent)
{
    loop = loop_new();
    other = loop_timer_new(loop, count, NULL);
    timer = loop_timer_new(loop, stop_the_other, other);
    loop_timer_start(timer, 1000);
    loop_timer_start(other, 1001);
    usleep(5000);
    stop_after(20000);
    DVC_EQ_INT(calls, 1);
    loop_timer_free(timer);
    loop_timer_free(other);
    loop_free(loop);
}

static void sleep_and_read(void *ctx)
{
    int64_t *out = ctx;

    out[0] = loop_now(loop).us;
    out[1] = loop_mono(loop).us;
    usleep(3000);
}

DVC_TEST(loop, one_turn_one_now)
{
    int64_t a[2], b[2];

    loop = loop_new();
    timer = loop_timer_new(loop, sleep_and_read, a);
    other = loop_timer_new(loop, sleep_and_read, b);
    loop_timer_start(timer, 1000);
    loop_timer_start(other, 1000);
    usleep(2000);
    stop_after(20000);
    DVC_EQ_INT(a[0], b[0]);
    DVC_EQ_INT(a[1], b[1]);
    loop_timer_start(timer, 0);
    stop_after(1000);
    cr_assert(a[0] > b[0], "the next turn sees a later now");
    loop_timer_free(timer);
    loop_timer_free(other);
    loop_free(loop);
}

DVC_TEST(loop, now_is_the_clock_of_the_loop)
{
    wall_t db = {INT64_C(1750000000) * US_PER_SECOND};
    mono_t now = mono_now();

    loop = loop_new();
    clock_anchor(loop_clock(loop), db, now, now);
    cr_assert(loop_now(loop).us - db.us < US_PER_SECOND && loop_now(loop).us >= db.us);
    loop_free(loop);
}

static void deferred_b(void *ctx)
{
    (void)ctx;
    note("b");
    stop(NULL);
}

static void deferred_a(void *ctx)
{
    (void)ctx;
    note("a");
    loop_defer(loop, deferred_b, NULL);
}

static void defer_from_timer(void *ctx)
{
    (void)ctx;
    loop_defer(loop, deferred_a, NULL);
    note("t");
}

static void mark(void *ctx)
{
    (void)ctx;
    note("o");
}

DVC_TEST(loop, deferred_runs_after_the_turns_callbacks)
{
    loop = loop_new();
    timer = loop_timer_new(loop, defer_from_timer, NULL);
    other = loop_timer_new(loop, mark, NULL);
    loop_timer_start(timer, 1000);
    loop_timer_start(other, 1001);
    usleep(3000);
    DVC_EQ_INT(loop_run(loop), 0);
    DVC_EQ_STR(order, "toab");
    loop_timer_free(timer);
    loop_timer_free(other);
    loop_free(loop);
}

DVC_TEST(loop, deferred_before_run_and_left_over_at_free)
{
    loop = loop_new();
    loop_defer(loop, count, NULL);
    stop_after(1000);
    DVC_EQ_INT(calls, 1);
    loop_defer(loop, count, NULL);
    loop_free(loop);
    DVC_EQ_INT(calls, 2);
}

static struct loop_fd *watch;
static int last_what;

static void on_fd(void *ctx, int what)
{
    char c;

    calls++;
    last_what = what;
    if (what & LOOP_READ)
        DVC_EQ_INT(read(*(int *)ctx, &c, 1), 1);
    else
        loop_fd_want(watch, 0);
}

DVC_TEST(loop, watches_a_descriptor)
{
    int fds[2];

    DVC_EQ_INT(pipe(fds), 0);
    loop = loop_new();
    watch = loop_fd_new(loop, fds[0], on_fd, &fds[0]);
    DVC_EQ_INT(write(fds[1], "xyz", 3), 3);
    stop_after(2000);
    DVC_EQ_INT(calls, 0);
    loop_fd_want(watch, LOOP_READ);
    stop_after(10000);
    DVC_EQ_INT(calls, 3);
    DVC_EQ_INT(last_what, LOOP_READ);
    loop_fd_want(watch, 0);
    DVC_EQ_INT(write(fds[1], "x", 1), 1);
    stop_after(2000);
    DVC_EQ_INT(calls, 3);
    cr_assert_null(loop_fd_free(watch));
    watch = loop_fd_new(loop, fds[1], on_fd, &fds[1]);
    loop_fd_want(watch, LOOP_WRITE);
    stop_after(5000);
    DVC_EQ_INT(calls, 4);
    DVC_EQ_INT(last_what, LOOP_WRITE);
    loop_fd_free(watch);
    cr_assert_null(loop_fd_free(NULL));
    loop_free(loop);
    DVC_EQ_INT(write(fds[1], "still open", 10), 10);
    close(fds[0]);
    close(fds[1]);
}

static void free_watch(void *ctx, int what)
{
    (void)ctx;
    (void)what;
    calls++;
    watch = loop_fd_free(watch);
}

DVC_TEST(loop, descriptor_watch_freed_in_its_own_callback)
{
    int fds[2];

    DVC_EQ_INT(pipe(fds), 0);
    DVC_EQ_INT(write(fds[1], "xyz", 3), 3);
    loop = loop_new();
    watch = loop_fd_new(loop, fds[0], free_watch, NULL);
    loop_fd_want(watch, LOOP_READ);
    stop_after(5000);
    DVC_EQ_INT(calls, 1);
    loop_free(loop);
    close(fds[0]);
    close(fds[1]);
}

DVC_TEST(loop, signals_run_on_the_loop)
{
    loop = loop_new();
    loop_signal(loop, SIGUSR1, count, NULL);
    loop_signal(loop, SIGTERM, stop, NULL);
    raise(SIGUSR1);
    DVC_EQ_INT(calls, 0);
    stop_after(5000);
    DVC_EQ_INT(calls, 1);
    raise(SIGTERM);
    DVC_EQ_INT(loop_run(loop), 0);
    loop_free(loop);
}

DVC_TEST(loop, stop_before_run_returns_at_once)
{
    loop = loop_new();
    loop_stop(loop);
    DVC_EQ_INT(loop_run(loop), 0);
    stop_after(1000);
    loop_free(loop);
}
