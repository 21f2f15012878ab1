#include "calendar_fixture.h"

#include "dvc_test.h"

DVC_TEST(calendar_work, add_minutes)
{
    static const struct {
        const char *from;
        int minutes;
        const char *to;
    } rows[] = {
        {"2026-03-02 09:00", 60, "2026-03-02 10:00"},
        {"2026-03-02 11:00", 60, "2026-03-02 14:00"}, /* across lunch */
        {"2026-03-02 11:00", 30, "2026-03-02 11:30"}, /* ends at the closing, not after lunch */
        {"2026-03-02 12:10", 60, "2026-03-02 14:30"}, /* in lunch */
        {"2026-03-02 05:00", 60, "2026-03-02 08:00"}, /* before opening */
        {"2026-03-02 17:00", 60, "2026-03-03 08:00"}, /* at closing */
        {"2026-03-02 21:15", 60, "2026-03-03 08:00"}, /* after closing */
        {"2026-03-02 07:00", 480, "2026-03-02 17:00"},
        {"2026-03-02 16:00", 480, "2026-03-03 16:00"},
        {"2026-02-13 16:00", 120, "2026-02-23 08:00"}, /* across Tết */
        {"2026-01-09 16:30", 60, "2026-01-10 07:30"},  /* into the make-up Saturday */
        {"2025-12-23 11:00", 60, "2025-12-24 09:30"},  /* half day, then own hours */
        {"2025-12-24 09:30", 60, "2025-12-25 07:30"},
        {"2026-03-07 10:00", 0, "2026-03-09 07:00"},
        {"2026-03-02 09:00", 0, "2026-03-02 09:00"},
        {"2026-03-02 11:30", 0, "2026-03-02 13:30"},
        {"2026-03-02 10:00", -60, "2026-03-02 09:00"},
        {"2026-03-02 14:00", -60, "2026-03-02 11:00"},
        {"2026-03-02 14:00", -30, "2026-03-02 13:30"},
        {"2026-03-09 07:30", -60, "2026-03-06 16:30"},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        wall_t to;

        cr_assert(calendar_add_minutes(calendar, fixture_at(rows[i].from), rows[i].minutes, &to) ==
                  0);
        cr_assert_str_eq(fixture_text(to), rows[i].to, "%s %+d min is %s", rows[i].from,
                         rows[i].minutes, fixture_text(to));
    }
}

DVC_TEST(calendar_work, between)
{
    static const struct {
        const char *from, *to;
        int minutes;
    } rows[] = {
        {"2026-03-02 09:00", "2026-03-02 10:30", 90},
        {"2026-03-02 11:00", "2026-03-02 14:00", 60},
        {"2026-03-02 11:40", "2026-03-02 13:20", 0},
        {"2026-03-02 17:30", "2026-03-03 06:00", 0},
        {"2026-02-13 00:00", "2026-02-24 00:00", 960},
        {"2026-03-02 00:00", "2026-03-09 00:00", 2400},
        {"2026-03-02 10:30", "2026-03-02 09:00", -90},
        {"2025-12-23 00:00", "2025-12-25 00:00", 330},
        {"2026-03-02 09:00:30", "2026-03-02 09:02:00", 1},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        int64_t minutes;

        cr_assert(calendar_minutes_between(calendar, fixture_at(rows[i].from),
                                           fixture_at(rows[i].to), &minutes) == 0);
        cr_assert(minutes == rows[i].minutes, "%s to %s is %lld", rows[i].from, rows[i].to,
                  (long long)minutes);
    }
}

DVC_TEST(calendar_work, openings_and_closings)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    day_t day = fixture_day("2026-03-02");
    wall_t at = WALL_NONE;

    cr_assert(calendar_first_opening(calendar, day, &at) == 0);
    DVC_EQ_STR(fixture_text(at), "2026-03-02 07:00");
    cr_assert(calendar_last_closing(calendar, day, &at) == 0);
    DVC_EQ_STR(fixture_text(at), "2026-03-02 17:00");
    DVC_EQ_INT(calendar_last_closing(calendar, fixture_day("2026-03-01"), &at), CALENDAR_E_CLOSED);
    DVC_EQ_INT(calendar_first_opening(calendar, fixture_day("2026-02-17"), &at), CALENDAR_E_CLOSED);
    cr_assert(calendar_clamp(calendar, day, 12 * US_PER_HOUR, &at) == 0);
    DVC_EQ_STR(fixture_text(at), "2026-03-02 13:30");
    cr_assert(calendar_clamp(calendar, day, 572 * US_PER_MINUTE, &at) == 0);
    DVC_EQ_STR(fixture_text(at), "2026-03-02 09:32");
    cr_assert(calendar_clamp(calendar, day, 20 * US_PER_HOUR, &at) == 0);
    DVC_EQ_STR(fixture_text(at), "2026-03-02 17:00");
}

DVC_TEST(calendar_work, refuses_beyond_the_last_loaded_year)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    wall_t end = fixture_at("2026-12-31 16:00"), ret = {-5};
    int64_t us = -5;

    cr_assert(calendar_add_minutes(calendar, end, 60, &ret) == 0);
    DVC_EQ_STR(fixture_text(ret), "2026-12-31 17:00");
    ret.us = -5;
    DVC_EQ_INT(calendar_add_minutes(calendar, end, 61, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_add_minutes(calendar, end, INT64_MAX, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_add_minutes(calendar, end, INT64_MIN, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_add_work(calendar, end, INT64_MAX, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_add_work(calendar, end, INT64_MIN, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_next_opening(calendar, fixture_at("2026-12-31 17:00"), &ret),
               CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_add_work(calendar, WALL_NONE, 0, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_add_work(calendar, (wall_t){INT64_MAX}, 0, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_add_work(calendar, fixture_at("2027-01-01 00:00"), -1, &ret),
               CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_add_work(calendar, fixture_at("2023-01-01 00:00"), -1, &ret),
               CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_work_between(calendar, end, (wall_t){INT64_MAX}, &us), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_work_between(calendar, WALL_NONE, end, &us), CALENDAR_E_BEYOND);
    cr_assert(ret.us == -5 && us == -5, "written although refused");
}

/* Minute by minute, on both calendars. */
DVC_TEST(calendar_work, equals_counting_minute_by_minute)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    uint64_t seed = 7;

    for (int round = 0; round < 600; round++) {
        bool saturday = round % 2;
        struct calendar_spec spec = fixture_spec(saturday);
        struct calendar *calendar = fixture_calendar(arena, saturday);
        day_t day = {fixture_day("2025-12-01").n + (int)(fixture_random(&seed) % 90)};
        int minute = (int)(fixture_random(&seed) % 1440);
        int amount = 1 + (int)(fixture_random(&seed) % 3000), left = amount, m = minute;
        wall_t from = day_at(day, minute), got;
        day_t at = day;
        int64_t between;

        while (left > 0) {
            left -= naive_open(&spec, at, m);
            if (++m == 1440) {
                m = 0;
                at.n++;
            }
        }
        cr_assert(calendar_add_minutes(calendar, from, amount, &got) == 0);
        cr_assert(got.us == day_at(at, m).us, "round %d: %s + %d min is %s, expected %s", round,
                  fixture_text(from), amount, fixture_text(got), fixture_text(day_at(at, m)));
        cr_assert(calendar_minutes_between(calendar, from, got, &between) == 0);
        DVC_EQ_INT(between, amount);
    }
}

DVC_TEST(calendar_work, add_then_subtract_is_identity)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, true);
    struct calendar_spec spec = fixture_spec(true);
    day_t first = fixture_day("2023-06-01");
    uint64_t seed = 99;
    int open = 0;

    for (int round = 0; round < 20000; round++) {
        day_t day = {first.n + (int)(fixture_random(&seed) % 900)};
        int64_t us = (int64_t)(fixture_random(&seed) % (uint64_t)US_PER_DAY);
        int64_t amount = (int64_t)(fixture_random(&seed) % (uint64_t)(400 * US_PER_HOUR));
        wall_t from = {day_at(day, 0).us + us}, to, back, opening;
        int64_t between;

        cr_assert(calendar_add_work(calendar, from, amount, &to) == 0);
        cr_assert(calendar_add_work(calendar, to, -amount, &back) == 0);
        cr_assert(calendar_next_opening(calendar, from, &opening) == 0);
        cr_assert(back.us == opening.us, "round %d: %s came back as %s", round, fixture_text(from),
                  fixture_text(back));
        if (naive_open(&spec, day, (int)(us / US_PER_MINUTE))) {
            open++;
            cr_assert(opening.us == from.us, "round %d", round);
        }
        cr_assert(calendar_work_between(calendar, from, to, &between) == 0 && between == amount);
    }
    cr_assert(open > 3000, "only %d moments were in working time", open);
}
