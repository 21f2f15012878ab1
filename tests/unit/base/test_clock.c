#include "base/clock.h"

#include "dvc_test.h"

#include <stdlib.h>
#include <time.h>

DVC_TEST(clock, starts_with_the_system_clock)
{
    struct clock clock = {0};
    int64_t system = (int64_t)time(NULL) * US_PER_SECOND;

    cr_assert(llabs(clock_now(&clock).us - system) < 3 * US_PER_SECOND);
}

DVC_TEST(clock, follows_the_database)
{
    struct clock clock = {0};
    mono_t sent = mono_now(), received = {sent.us + 200};
    wall_t db = {INT64_C(1750000000) * US_PER_SECOND};
    int64_t ahead;

    DVC_EQ_INT(clock_anchor(&clock, db, sent, received), 0);
    ahead = clock_now(&clock).us - db.us;
    cr_assert(ahead > -1000 && ahead < US_PER_SECOND, "%lld us", (long long)ahead);
}

DVC_TEST(clock, tells_the_skew)
{
    struct clock clock = {0};
    mono_t sent = {1000000}, received = {1000400};

    DVC_EQ_INT(clock_anchor(&clock, (wall_t){5000000200}, sent, received), 0);
    DVC_EQ_INT(clock.offset_us, 4999000000);
    DVC_EQ_INT(clock_anchor(&clock, (wall_t){5000000200 + 1500000}, sent, received), 1500000);
    DVC_EQ_INT(clock_anchor(&clock, (wall_t){5000000200}, sent, received), -1500000);
}

DVC_TEST(clock, shift_moves_the_day_and_no_skew)
{
    struct clock clock = {.shift_us = 3 * US_PER_DAY};
    mono_t now = mono_now();
    wall_t db = {INT64_C(1750000000) * US_PER_SECOND};

    DVC_EQ_INT(clock_anchor(&clock, db, now, now), 0);
    cr_assert(clock_now(&clock).us >= db.us + 3 * US_PER_DAY);
    DVC_EQ_INT(clock_anchor(&clock, db, now, now), 0);
}

DVC_TEST(clock, mono_never_goes_back)
{
    mono_t last = mono_now();

    for (int i = 0; i < 10000; i++) {
        mono_t now = mono_now();

        cr_assert(now.us >= last.us);
        last = now;
    }
}
