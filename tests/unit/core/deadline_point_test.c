#include "core/deadline.h"

#include "calendar_fixture.h"
#include "dvc_test.h"

static struct warn_at warn(const char *text)
{
    struct warn_at at = {0};

    cr_assert(warn_at_parse(slice_str(text), &at) == 0, "%s", text);
    return at;
}

DVC_TEST(deadline_point, rungs)
{
    static const struct {
        const char *start, *due, *warn, *at;
    } rows[] = {
        {"2026-03-02 07:00", "2026-03-06 17:00", "50%", "2026-03-04 11:00"},
        {"2026-03-02 07:00", "2026-03-02 17:00", "50%", "2026-03-02 11:00"},
        {"2026-03-02 09:00", "2026-03-03 09:00", "50%", "2026-03-02 15:00"},
        {"2026-02-13 16:00", "2026-02-23 08:00", "50%", "2026-02-13 17:00"}, /* not in Tết */
        {"2026-03-02 07:00", "2026-03-06 17:00", "1%", "2026-03-02 07:24"},
        {"2026-03-02 07:00", "2026-03-06 17:00", "due", "2026-03-06 17:00"},
        {"2026-03-02 07:00", "2026-03-09 17:00", "-1 working_day", "2026-03-06 17:00"},
        {"2026-03-02 07:00", "2026-03-06 17:00", "+1 working_day", "2026-03-09 17:00"},
        {"2026-02-10 07:00", "2026-02-23 09:32", "-1 working_day", "2026-02-13 09:32"},
        {"2026-02-10 07:00", "2026-02-13 17:00", "+1 working_day", "2026-02-23 17:00"},
        {"2026-01-05 07:00", "2026-01-12 17:00", "-1 working_day", "2026-01-10 17:00"},
        {"2025-12-15 07:00", "2025-12-24 10:00", "-1 working_day", "2025-12-23 10:00"},
        {"2025-12-15 07:00", "2025-12-25 17:00", "-2 working_days", "2025-12-23 11:30"},
        {"2026-03-02 07:00", "2026-03-09 17:00", "-1 calendar_day", "2026-03-06 17:00"},
        {"2026-03-02 07:00", "2026-03-06 17:00", "+1 calendar_day", "2026-03-09 17:00"},
        {"2026-03-02 07:00", "2026-04-06 17:00", "-1 month", "2026-03-06 17:00"},
        {"2026-03-02 07:00", "2026-03-06 17:00", "-4 working_hours", "2026-03-06 11:00"},
        {"2026-03-02 07:00", "2026-03-06 17:00", "+4 working_hours", "2026-03-09 11:00"},
        /* Never before the start. */
        {"2026-03-02 09:00", "2026-03-03 17:00", "-5 working_days", "2026-03-02 09:00"},
        {"2026-03-02 09:00", "2026-03-03 17:00", "-1000 working_days", "2026-03-02 09:00"},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        wall_t at = WALL_NONE;

        cr_assert(deadline_point(calendar, fixture_at(rows[i].start), fixture_at(rows[i].due),
                                 warn(rows[i].warn), &at) == 0,
                  "row %zu", i);
        cr_assert_str_eq(fixture_text(at), rows[i].at, "%s of %s: %s, expected %s", rows[i].warn,
                         rows[i].due, fixture_text(at), rows[i].at);
    }
}

/* Half of the time that the clock ran, not of the time that went by. */
DVC_TEST(deadline_point, held_time_is_no_time)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    struct clock_hold h = {fixture_at("2026-03-02 10:00"), fixture_at("2026-03-09 10:00"), false};
    struct clock_run run = {fixture_at("2026-03-02 09:00"), &h, 1};
    struct limit limit = {LIMIT_WORKING_HOURS, 8};
    wall_t due, at;

    cr_assert(deadline_due_run(calendar, &rule, limit, &run, &due) == 0);
    DVC_EQ_STR(fixture_text(due), "2026-03-10 09:00");
    cr_assert(deadline_point_run(calendar, &run, due, warn("50%"), &at) == 0);
    DVC_EQ_STR(fixture_text(at), "2026-03-09 15:00");
    cr_assert(deadline_point_run(calendar, &run, due, warn("10%"), &at) == 0);
    DVC_EQ_STR(fixture_text(at), "2026-03-02 09:48");
    h.restarts = true;
    cr_assert(deadline_due_run(calendar, &rule, limit, &run, &due) == 0);
    DVC_EQ_STR(fixture_text(due), "2026-03-10 10:00");
    cr_assert(deadline_point_run(calendar, &run, due, warn("50%"), &at) == 0);
    DVC_EQ_STR(fixture_text(at), "2026-03-09 16:00");
    cr_assert(deadline_point_run(calendar, &run, due, warn("-5 working_days"), &at) == 0);
    DVC_EQ_STR(fixture_text(at), "2026-03-09 10:00");
    h.to = WALL_NONE; /* still held: as if it were not, nothing has moved */
    cr_assert(deadline_due_run(calendar, &rule, limit, &run, &due) == 0);
    cr_assert(deadline_point_run(calendar, &run, due, warn("50%"), &at) == 0);
    DVC_EQ_STR(fixture_text(at), "2026-03-02 15:00");
}

DVC_TEST(deadline_point, refuses)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    wall_t start = fixture_at("2026-12-28 09:00"), due = fixture_at("2026-12-31 17:00");
    struct warn_at none = {.kind = WARN_BEFORE, .offset = LIMIT_INIT_NONE};
    wall_t at = {-5};

    DVC_EQ_INT(deadline_point(calendar, start, WALL_NONE, warn("due"), &at), DEADLINE_E_OFFSET);
    DVC_EQ_INT(deadline_point(calendar, start, due, none, &at), DEADLINE_E_OFFSET);
    DVC_EQ_INT(deadline_point(calendar, start, due, warn("+1 working_day"), &at),
               CALENDAR_E_BEYOND);
    DVC_EQ_INT(deadline_point(calendar, start, due, warn("+1 working_hour"), &at),
               CALENDAR_E_BEYOND);
    DVC_EQ_INT(deadline_point(calendar, start, fixture_at("2027-01-05 09:00"),
                              warn("-1 working_day"), &at),
               CALENDAR_E_BEYOND);
    DVC_EQ_INT(at.us, -5);
}

/* Rungs are in order for any limit: 25% before 75% before due before +1. */
DVC_TEST(deadline_point, in_order)
{
    static const char *const ladder[] = {"25%", "50%", "75%", "due", "+1 working_day"};
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, true);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    uint64_t seed = 5;

    for (int round = 0; round < 2000; round++) {
        day_t day = {fixture_day("2024-01-01").n + (int)(fixture_random(&seed) % 900)};
        wall_t start = day_at(day, (int)(fixture_random(&seed) % 1440)), due, at, last = start;
        struct limit limit = {(enum limit_unit)(1 + fixture_random(&seed) % 4),
                              1 + (int)(fixture_random(&seed) % 6)};

        rule.due_time = round % 2 ? DUE_SAME_TIME : DUE_END_OF_DAY;
        cr_assert(deadline_due(calendar, &rule, limit, start, &due) == 0);
        for (size_t i = 0; i < DVC_COUNT(ladder); i++) {
            cr_assert(deadline_point(calendar, start, due, warn(ladder[i]), &at) == 0);
            cr_assert(at.us >= last.us, "round %d: %s at %s before %s", round, ladder[i],
                      fixture_text(at), fixture_text(last));
            last = at;
        }
    }
}
