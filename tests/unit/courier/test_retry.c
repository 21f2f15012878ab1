#include "courier/retry.h"

#include "dvc_test.h"

static const struct retry_policy policy = {
    .min_us = 200000, .max_us = 60 * US_PER_SECOND, .strikes_max = 5};
static const wall_t born = {1000 * US_PER_SECOND};

static enum retry_verdict decide(enum attempt_result result, int attempts, wall_t now,
                                 int64_t retry_after_s, wall_t *ret_at)
{
    return retry_decide(&policy, result, attempts, attempts, born, now, retry_after_s, UINT64_MAX - 7,
                        ret_at);
}

DVC_TEST(retry, the_wait_doubles_up_to_the_longest_and_never_leaves_the_range)
{
    static const struct {
        int attempts;
        int64_t cap;
    } rows[] = {{1, 400000},   {2, 800000},    {8, 51200000},
                {9, 60000000}, {30, 60000000}, {INT32_MAX, 60000000}};

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        int64_t cap = rows[i].cap;

        DVC_EQ_INT(retry_delay_us(&policy, rows[i].attempts, 0), 0);
        DVC_EQ_INT(retry_delay_us(&policy, rows[i].attempts, (uint64_t)cap), cap);
        DVC_EQ_INT(retry_delay_us(&policy, rows[i].attempts, (uint64_t)cap + 1), 0);
        for (uint64_t draw = 0; draw < 1000; draw++) {
            int64_t us =
                retry_delay_us(&policy, rows[i].attempts, draw * UINT64_C(0x9e3779b97f4a7c15));

            cr_assert(us >= 0 && us <= cap, "attempt %d: %lld", rows[i].attempts, (long long)us);
        }
    }
}

DVC_TEST(retry, jitter_spreads_over_the_whole_range)
{
    int low = 0, high = 0;

    for (uint64_t i = 1; i <= 1000; i++) {
        int64_t us = retry_delay_us(&policy, 2, i * UINT64_C(0x9e3779b97f4a7c15));

        low += us < 200000;
        high += us > 600000;
    }
    cr_assert(low > 180 && low < 320, "%d of 1000 in the first quarter", low);
    cr_assert(high > 180 && high < 320, "%d of 1000 in the last quarter", high);
}

DVC_TEST(retry, a_receiver_that_is_away_is_waited_for_without_end)
{
    static const enum attempt_result away[] = {ATTEMPT_TRANSPORT, ATTEMPT_THROTTLED, ATTEMPT_SERVER,
                                               ATTEMPT_CANCELLED};
    wall_t year_later = {born.us + 365 * US_PER_DAY};

    for (size_t i = 0; i < DVC_COUNT(away); i++) {
        wall_t at = WALL_NONE;

        cr_assert(decide(away[i], 100000, year_later, -1, &at) == RETRY_LATER, "%s",
                  attempt_code(away[i]));
        cr_assert(at.us >= year_later.us && at.us <= year_later.us + policy.max_us);
    }
}

DVC_TEST(retry, an_age_limit_ends_the_waiting)
{
    struct retry_policy limited = policy;
    wall_t at = WALL_NONE;

    limited.age_max_us = US_PER_HOUR;
    cr_assert(retry_decide(&limited, ATTEMPT_TRANSPORT, 3, 0, born,
                           (wall_t){born.us + US_PER_HOUR - 1}, -1, 0, &at) == RETRY_LATER);
    cr_assert(retry_decide(&limited, ATTEMPT_TRANSPORT, 3, 0, born, (wall_t){born.us + US_PER_HOUR},
                           -1, 0, &at) == RETRY_DEAD);
}

DVC_TEST(retry, refused_and_invalid_are_dead_at_once_and_done_is_done)
{
    wall_t at = WALL_NONE;

    cr_assert(decide(ATTEMPT_REFUSED, 1, born, -1, &at) == RETRY_DEAD);
    cr_assert(decide(ATTEMPT_INVALID, 1, born, -1, &at) == RETRY_DEAD);
    cr_assert(decide(ATTEMPT_DONE, 1, born, -1, &at) == RETRY_DONE);
    cr_assert(wall_is_none(at), "no moment is given where none is meant");
}

DVC_TEST(retry, our_keys_and_strange_answers_get_a_limited_number_of_attempts)
{
    wall_t at = WALL_NONE;

    cr_assert(decide(ATTEMPT_DENIED, 4, born, -1, &at) == RETRY_LATER);
    cr_assert(decide(ATTEMPT_DENIED, 5, born, -1, &at) == RETRY_DEAD);
    cr_assert(decide(ATTEMPT_STRANGE, 4, born, -1, &at) == RETRY_LATER);
    cr_assert(decide(ATTEMPT_STRANGE, 5, born, -1, &at) == RETRY_DEAD);
}

DVC_TEST(retry, an_outage_uses_up_nothing_of_the_limit)
{
    wall_t at = WALL_NONE;

    cr_assert(!retry_strike(ATTEMPT_TRANSPORT) && !retry_strike(ATTEMPT_SERVER) &&
              !retry_strike(ATTEMPT_THROTTLED) && !retry_strike(ATTEMPT_CANCELLED));
    cr_assert(retry_strike(ATTEMPT_DENIED) && retry_strike(ATTEMPT_STRANGE));
    cr_assert(retry_decide(&policy, ATTEMPT_DENIED, 201, 1, born, born, -1, 0, &at) == RETRY_LATER,
              "200 failed connections and then one wrong key");
    cr_assert(retry_decide(&policy, ATTEMPT_DENIED, 201, 5, born, born, -1, 0, &at) == RETRY_DEAD);
}

DVC_TEST(retry, retry_after_is_never_undercut_but_has_a_limit)
{
    wall_t at = WALL_NONE;

    cr_assert(retry_decide(&policy, ATTEMPT_THROTTLED, 1, 0, born, born, 30, 0, &at) == RETRY_LATER);
    DVC_EQ_INT(at.us - born.us, 30 * US_PER_SECOND);
    cr_assert(decide(ATTEMPT_THROTTLED, 1, born, INT64_MAX, &at) == RETRY_LATER);
    cr_assert(at.us - born.us <= US_PER_DAY + policy.max_us);
}

DVC_TEST(retry, an_http_status_is_read_as_what_it_means_for_the_order)
{
    static const struct {
        int status;
        enum attempt_result result;
    } rows[] = {{400, ATTEMPT_REFUSED},   {401, ATTEMPT_DENIED},    {403, ATTEMPT_DENIED},
                {404, ATTEMPT_STRANGE},   {408, ATTEMPT_TRANSPORT}, {422, ATTEMPT_REFUSED},
                {429, ATTEMPT_THROTTLED}, {302, ATTEMPT_STRANGE},   {500, ATTEMPT_SERVER},
                {503, ATTEMPT_SERVER},    {599, ATTEMPT_SERVER}};

    for (size_t i = 0; i < DVC_COUNT(rows); i++)
        cr_assert(attempt_of_status(rows[i].status) == rows[i].result, "%d is %s", rows[i].status,
                  attempt_code(attempt_of_status(rows[i].status)));
}
