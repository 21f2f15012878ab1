#include "core/deadline.h"

#include "calendar_fixture.h"
#include "dvc_test.h"

static struct limit limit_of(const char *text)
{
    struct limit limit = LIMIT_INIT_NONE;

    cr_assert(limit_parse(slice_str(text), &limit) == 0, "%s", text);
    return limit;
}

static struct clock_hold hold(const char *from, const char *to, bool restarts)
{
    return (struct clock_hold){fixture_at(from), to ? fixture_at(to) : WALL_NONE, restarts};
}

DVC_TEST(deadline_hold, one_hold)
{
    static const struct {
        const char *limit, *start, *from, *to;
        bool restarts;
        const char *due;
    } rows[] = {
        /* Working days: due Mon 09/03. Held Tue to Thu: Wed and Thu are given back. */
        {"5 working_days", "2026-03-02 09:00", "2026-03-03 10:00", "2026-03-05 10:00", false,
         "2026-03-11 17:00"},
        {"5 working_days", "2026-03-02 09:00", "2026-03-03 10:00", "2026-03-03 16:00", false,
         "2026-03-09 17:00"},
        {"5 working_days", "2026-03-02 09:00", "2026-03-06 16:00", "2026-03-08 09:00", false,
         "2026-03-09 17:00"}, /* a weekend gives nothing back */
        {"5 working_days", "2026-03-02 09:00", "2026-03-03 10:00", "2026-03-05 10:00", true,
         "2026-03-12 17:00"},
        {"5 working_days", "2026-02-12 09:00", "2026-02-13 10:00", "2026-02-24 10:00", false,
         "2026-03-02 17:00"}, /* across Tết: 23 and 24 given back, due was 26/02 */
        /* On the due day itself nothing is left but the day. */
        {"5 working_days", "2026-03-02 09:00", "2026-03-09 10:00", "2026-03-12 10:00", false,
         "2026-03-12 17:00"},
        {"5 working_days", "2026-03-02 09:00", "2026-03-09 10:00", "2026-03-12 18:00", false,
         "2026-03-13 17:00"},
        {"5 working_days", "2026-03-02 09:00", "2026-03-09 10:00", "2026-03-14 09:00", false,
         "2026-03-16 17:00"},
        /* Past due already: no hold heals that, a restart does. */
        {"5 working_days", "2026-03-02 09:00", "2026-03-10 10:00", "2026-03-12 10:00", false,
         "2026-03-09 17:00"},
        {"5 working_days", "2026-03-02 09:00", "2026-03-09 17:00", "2026-03-12 10:00", false,
         "2026-03-09 17:00"},
        {"5 working_days", "2026-03-02 09:00", "2026-03-10 10:00", "2026-03-12 10:00", true,
         "2026-03-19 17:00"},
        /* Calendar days: last day Sat 07/03, due Mon 09/03. Three days held: Tue 10/03, not Thu. */
        {"5 calendar_days", "2026-03-02 09:00", "2026-03-03 10:00", "2026-03-06 10:00", false,
         "2026-03-10 17:00"},
        {"1 month", "2026-03-02 09:00", "2026-03-03 10:00", "2026-03-06 10:00", false,
         "2026-04-06 17:00"}, /* 05/04 is a Sunday */
        {"5 calendar_days", "2026-03-02 09:00", "2026-03-09 08:00", "2026-03-11 10:00", false,
         "2026-03-11 17:00"}, /* held on the day it had moved to */
        /* Working hours: by the minute. */
        {"8 working_hours", "2026-03-02 09:00", "2026-03-02 10:00", "2026-03-02 14:00", false,
         "2026-03-03 11:00"},
        {"8 working_hours", "2026-03-02 09:00", "2026-03-02 10:00", "2026-03-07 14:00", false,
         "2026-03-09 16:00"},
        {"8 working_hours", "2026-03-02 09:00", "2026-03-02 10:00", "2026-03-04 08:00", true,
         "2026-03-05 08:00"},
        /* Same day. */
        {"same_day", "2026-03-02 09:00", "2026-03-02 10:00", "2026-03-04 16:30", false,
         "2026-03-04 17:00"},
        {"same_day", "2026-03-02 09:00", "2026-03-02 10:00", "2026-03-04 16:30", true,
         "2026-03-05 17:00"},
        {"same_day", "2026-03-02 15:30", "2026-03-02 16:00", "2026-03-04 08:00", false,
         "2026-03-05 17:00"},
        {"none", "2026-03-02 09:00", "2026-03-02 10:00", "2026-03-04 16:30", false, "none"},
        /* Still held: nothing has moved yet. */
        {"5 working_days", "2026-03-02 09:00", "2026-03-03 10:00", NULL, false, "2026-03-09 17:00"},
        /* Ended before the start, or cut by it. */
        {"5 working_days", "2026-03-02 09:00", "2026-02-24 10:00", "2026-02-27 10:00", true,
         "2026-03-09 17:00"},
        {"5 working_days", "2026-03-02 09:00", "2026-02-24 10:00", "2026-03-04 10:00", false,
         "2026-03-11 17:00"},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        struct clock_hold h = hold(rows[i].from, rows[i].to, rows[i].restarts);
        struct clock_run run = {fixture_at(rows[i].start), &h, 1};
        wall_t due = WALL_NONE;

        cr_assert(deadline_due_run(calendar, &rule, limit_of(rows[i].limit), &run, &due) == 0,
                  "row %zu", i);
        cr_assert_str_eq(fixture_text(due), rows[i].due, "row %zu: due %s, expected %s", i,
                         fixture_text(due), rows[i].due);
    }
}

DVC_TEST(deadline_hold, same_time_is_kept)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    struct clock_hold h = hold("2026-03-03 10:00", "2026-03-05 14:00", false);
    struct clock_run run = {fixture_at("2026-03-02 09:32"), &h, 1};
    struct limit limit = limit_of("5 working_days");
    wall_t due;

    rule.due_time = DUE_SAME_TIME;
    cr_assert(deadline_due_run(calendar, &rule, limit, &run, &due) == 0);
    DVC_EQ_STR(fixture_text(due), "2026-03-11 09:32");
    h.restarts = true;
    cr_assert(deadline_due_run(calendar, &rule, limit, &run, &due) == 0);
    DVC_EQ_STR(fixture_text(due), "2026-03-12 14:00");
    /* Held on the due day at 09:00, on again at 14:00: 09:32 of that day is over. */
    h = hold("2026-03-09 09:00", "2026-03-10 14:00", false);
    cr_assert(deadline_due_run(calendar, &rule, limit, &run, &due) == 0);
    DVC_EQ_STR(fixture_text(due), "2026-03-10 17:00");
}

DVC_TEST(deadline_hold, unsound_ledgers_are_refused)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    struct clock_hold h[] = {hold("2026-03-03 10:00", "2026-03-04 10:00", false),
                             hold("2026-03-04 10:00", "2026-03-05 10:00", false)};
    struct clock_run run = {fixture_at("2026-03-02 09:00"), h, 2};
    struct limit limit = limit_of("5 working_days");
    struct deadline d;
    wall_t due = {-5};

    cr_assert(deadline_due_run(calendar, &rule, limit, &run, &due) == 0); /* touching is sound */
    due.us = -5;
    h[1].from.us--;
    DVC_EQ_INT(deadline_due_run(calendar, &rule, limit, &run, &due), DEADLINE_E_HOLDS);
    h[1] = hold("2026-03-05 10:00", "2026-03-05 09:00", false);
    DVC_EQ_INT(deadline_due_run(calendar, &rule, limit, &run, &due), DEADLINE_E_HOLDS);
    h[0].to = WALL_NONE;
    h[1] = hold("2026-03-05 10:00", "2026-03-05 11:00", false);
    DVC_EQ_INT(deadline_due_run(calendar, &rule, limit, &run, &due), DEADLINE_E_HOLDS);
    h[0] = (struct clock_hold){WALL_NONE, fixture_at("2026-03-05 09:00"), false};
    run.hold_count = 1;
    DVC_EQ_INT(deadline_due_run(calendar, &rule, limit, &run, &due), DEADLINE_E_HOLDS);
    DVC_EQ_INT(due.us, -5);
    cr_assert(deadline_begin(calendar, &rule, limit, run.start, &d) == 0);
    h[0] = hold("2026-03-05 10:00", NULL, false);
    DVC_EQ_INT(deadline_release(calendar, &rule, limit, &d, &h[0], &d), DEADLINE_E_HOLDS);
    DVC_EQ_INT(deadline_continue(calendar, &rule, limit, -1, run.start, run.start, &d),
               DEADLINE_E_LIMIT);
    DVC_EQ_INT(deadline_continue(calendar, &rule, limit, INT64_MAX, run.start, run.start, &d),
               DEADLINE_E_LIMIT);
    h[0] = hold("2026-03-05 10:00", "2027-01-04 10:00", false);
    DVC_EQ_INT(deadline_release(calendar, &rule, limit, &d, &h[0], &d), CALENDAR_E_BEYOND);
}

/* A step left and entered again keeps what was left of its budget. */
DVC_TEST(deadline_hold, budgets)
{
    static const struct {
        const char *limit, *start, *leaves;
        int64_t left;
        const char *enters, *due;
    } rows[] = {
        {"5 working_days", "2026-03-02 09:00", "2026-03-04 16:00", 3, "2026-03-11 08:00",
         "2026-03-16 17:00"},
        {"8 calendar_days", "2026-03-02 09:00", "2026-03-04 16:00", 6, "2026-03-11 08:00",
         "2026-03-17 17:00"},
        {"4 working_hours", "2026-03-02 09:00", "2026-03-02 10:30", 150 * US_PER_MINUTE,
         "2026-03-03 11:00", "2026-03-03 15:30"},
        {"4 working_hours", "2026-03-02 09:00", "2026-03-05 10:30", 0, "2026-03-07 11:00",
         "2026-03-09 07:00"},
        {"2 working_days", "2026-03-02 09:00", "2026-03-06 16:00", 0, "2026-03-11 08:00",
         "2026-03-11 17:00"},
        {"none", "2026-03-02 09:00", "2026-03-06 16:00", 0, "2026-03-11 08:00", "none"},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        struct limit limit = limit_of(rows[i].limit);
        wall_t enters = fixture_at(rows[i].enters);
        struct deadline d;
        int64_t left = -5;

        cr_assert(deadline_begin(calendar, &rule, limit, fixture_at(rows[i].start), &d) == 0);
        cr_assert(deadline_left(calendar, limit, &d, fixture_at(rows[i].leaves), &left) == 0);
        cr_assert(left == rows[i].left, "row %zu: %lld left", i, (long long)left);
        cr_assert(deadline_continue(calendar, &rule, limit, left, enters, enters, &d) == 0);
        cr_assert_str_eq(fixture_text(d.due), rows[i].due, "row %zu: %s", i, fixture_text(d.due));
    }
}

DVC_TEST(deadline_hold, left_when_only_the_due_was_kept)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    wall_t at = fixture_at("2026-03-04 16:00");
    struct deadline d = {at, DAY_NONE, fixture_at("2026-03-09 17:00")};
    int64_t left = -5;

    cr_assert(deadline_left(calendar, limit_of("5 working_days"), &d, at, &left) == 0);
    DVC_EQ_INT(left, 3);
    cr_assert(deadline_left(calendar, limit_of("5 calendar_days"), &d, at, &left) == 0);
    DVC_EQ_INT(left, 5);
    d.due = WALL_NONE;
    DVC_EQ_INT(deadline_left(calendar, limit_of("1 month"), &d, at, &left), CALENDAR_E_BEYOND);
    DVC_EQ_INT(left, 5);
}

DVC_TEST(deadline_hold, what_is_used)
{
    static const struct {
        const char *now;
        int units, percent;
        int64_t minutes, left;
    } rows[] = {
        {"2026-03-01 09:00", 0, 0, 0, 2760}, /* before the start: counted from the start */
        {"2026-03-02 09:00", 0, 0, 0, 2760},    {"2026-03-03 10:00", 1, 19, 540, 2220},
        {"2026-03-04 10:00", 1, 19, 540, 2220}, /* held since 03/03 10:00 */
        {"2026-03-05 10:00", 1, 19, 540, 2220}, /* on again, two days given back */
        {"2026-03-11 17:00", 5, 100, 2760, 0},  {"2026-03-12 17:00", 5, 117, 3240, 0},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    struct clock_hold h = hold("2026-03-03 10:00", "2026-03-05 10:00", false);
    struct clock_run run = {fixture_at("2026-03-02 09:00"), &h, 1};
    struct clock_use use;

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        cr_assert(deadline_used(calendar, &rule, limit_of("5 working_days"), &run,
                                fixture_at(rows[i].now), &use) == 0);
        cr_assert(use.work_us == rows[i].minutes * US_PER_MINUTE &&
                      use.left_us == rows[i].left * US_PER_MINUTE && use.units == rows[i].units &&
                      use.percent == rows[i].percent,
                  "%s: %lld min, %lld left, %d units, %d%%", rows[i].now,
                  (long long)(use.work_us / US_PER_MINUTE),
                  (long long)(use.left_us / US_PER_MINUTE), use.units, use.percent);
    }
    h.restarts = true;
    cr_assert(deadline_used(calendar, &rule, limit_of("8 working_hours"), &run,
                            fixture_at("2026-03-05 11:30"), &use) == 0);
    cr_assert(use.work_us == 90 * US_PER_MINUTE && use.units == 1 && use.percent == 18);
    cr_assert(deadline_used(calendar, &rule, LIMIT_INIT_NONE, &run, fixture_at("2026-03-05 11:30"),
                            &use) == 0);
    cr_assert(use.percent == 0 && use.left_us == 0 && use.work_us == 90 * US_PER_MINUTE);
    DVC_EQ_INT(deadline_used(calendar, &rule, limit_of("8 working_hours"), &run,
                             fixture_at("2027-01-05 11:30"), &use),
               CALENDAR_E_BEYOND);
}

/* The due of random ledgers against the header's rule, counted day by day or minute by minute. */
DVC_TEST(deadline_hold, equals_adding_what_was_held)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct calendar_spec spec = fixture_spec(false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    uint64_t seed = 194;

    for (int round = 0; round < 3000; round++) {
        bool hours = round % 3 == 0;
        struct limit limit = hours ? limit_of("200 working_hours") : limit_of("40 working_days");
        int32_t n = fixture_day("2024-01-01").n + (int)(fixture_random(&seed) % 500);
        struct clock_hold h[3];
        struct clock_run run = {day_at((day_t){n}, 600), h, 3};
        int64_t held_minutes = 0, us;
        int held_days = 0;
        wall_t due, plain, expected;
        day_t day;

        for (int i = 0; i < 3; i++) {
            int32_t from = n + 1 + (int)(fixture_random(&seed) % 5);

            n = from + (int)(fixture_random(&seed) % 20);
            h[i].from = day_at((day_t){from}, (int)(fixture_random(&seed) % 720));
            h[i].to = day_at((day_t){n}, 720 + (int)(fixture_random(&seed) % 720));
            h[i].restarts = false;
            for (int32_t d = from + 1; d <= n; d++)
                held_days += naive_working(&spec, (day_t){d});
            for (wall_t at = h[i].from; hours && at.us < h[i].to.us; at.us += US_PER_MINUTE)
                held_minutes += naive_open(&spec, day_of(at), wall_minute_of_day(at));
        }
        cr_assert(deadline_due(calendar, &rule, limit, run.start, &plain) == 0);
        cr_assert(deadline_due_run(calendar, &rule, limit, &run, &due) == 0);
        if (hours) {
            cr_assert(calendar_work_between(calendar, plain, due, &us) == 0);
            cr_assert(us == held_minutes * US_PER_MINUTE, "round %d", round);
        } else {
            cr_assert(calendar_add_days(calendar, day_of(plain), held_days, &day) == 0);
            cr_assert(calendar_last_closing(calendar, day, &expected) == 0);
            cr_assert(due.us == expected.us, "round %d: %s, expected %s", round, fixture_text(due),
                      fixture_text(expected));
        }
    }
}
