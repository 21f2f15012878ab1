#include "base/clock.h"

#include <time.h>

static int64_t read_us(clockid_t id)
{
    struct timespec at;

    DVC_REQUIRE(clock_gettime(id, &at) == 0);
    return at.tv_sec * US_PER_SECOND + at.tv_nsec / 1000;
}

mono_t mono_now(void)
{
    return (mono_t){read_us(CLOCK_MONOTONIC)};
}

wall_t clock_now(struct clock *clock)
{
    int64_t mono = read_us(CLOCK_MONOTONIC);

    if (!clock->anchored && clock->offset_us == 0)
        clock->offset_us = read_us(CLOCK_REALTIME) - mono;
    return (wall_t){mono + clock->offset_us + clock->shift_us};
}

int64_t clock_anchor(struct clock *clock, wall_t db_now, mono_t sent, mono_t received)
{
    /* The database read its clock somewhere between: the middle halves the worst error. */
    int64_t middle = sent.us + (received.us - sent.us) / 2;
    int64_t offset = db_now.us - middle;
    int64_t skew = clock->anchored ? offset - clock->offset_us : 0;

    clock->offset_us = offset;
    clock->anchored = true;
    return skew;
}

int64_t clock_skew(const struct clock *clock)
{
    if (!clock->anchored)
        return 0;
    return read_us(CLOCK_MONOTONIC) + clock->offset_us - read_us(CLOCK_REALTIME);
}
