#include "calendar_fixture.h"

#include "dvc_test.h"

DVC_TEST(calendar_days, which_days_are_working)
{
    static const struct {
        const char *day;
        bool working;
        int minutes;
        enum calendar_kind kind;
    } rows[] = {
        {"2024-02-07", true, 480, CALENDAR_REGULAR}, /* last day before Tết */
        {"2024-02-08", false, 0, CALENDAR_HOLIDAY},   {"2024-02-14", false, 0, CALENDAR_HOLIDAY},
        {"2024-02-15", true, 480, CALENDAR_REGULAR},  {"2024-04-29", false, 0, CALENDAR_HOLIDAY},
        {"2024-05-04", true, 480, CALENDAR_MAKE_UP},  {"2024-05-11", false, 0, CALENDAR_REGULAR},
        {"2025-01-24", true, 480, CALENDAR_REGULAR},  {"2025-01-31", false, 0, CALENDAR_HOLIDAY},
        {"2025-02-03", true, 480, CALENDAR_REGULAR},  {"2025-04-26", true, 480, CALENDAR_MAKE_UP},
        {"2025-05-02", false, 0, CALENDAR_HOLIDAY},   {"2025-10-07", false, 0, CALENDAR_CLOSURE},
        {"2025-12-23", true, 270, CALENDAR_HALF_DAY}, {"2025-12-24", true, 60, CALENDAR_OWN},
        {"2026-01-02", false, 0, CALENDAR_HOLIDAY},   {"2026-01-10", true, 480, CALENDAR_MAKE_UP},
        {"2026-02-20", false, 0, CALENDAR_HOLIDAY},   {"2026-04-26", false, 0, CALENDAR_REGULAR},
        {"2026-04-27", false, 0, CALENDAR_HOLIDAY},   {"2026-08-22", true, 480, CALENDAR_MAKE_UP},
        {"2026-08-31", false, 0, CALENDAR_HOLIDAY},   {"2026-11-24", false, 0, CALENDAR_HOLIDAY},
        {"2026-12-31", true, 480, CALENDAR_REGULAR},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        day_t day = fixture_day(rows[i].day);
        struct calendar_day look;
        bool working;
        int minutes;

        cr_assert(calendar_is_working_day(calendar, day, &working) == 0);
        cr_assert(calendar_day_minutes(calendar, day, &minutes) == 0);
        cr_assert(calendar_look(calendar, day, &look) == 0);
        cr_assert(working == rows[i].working && look.working == working, "%s", rows[i].day);
        cr_assert(minutes == rows[i].minutes && look.minutes == minutes, "%s", rows[i].day);
        cr_assert(look.kind == rows[i].kind, "%s", rows[i].day);
        cr_assert((look.source != NULL) == (look.kind != CALENDAR_REGULAR), "%s", rows[i].day);
    }
}

DVC_TEST(calendar_days, add)
{
    static const struct {
        const char *from;
        int count;
        const char *to;
    } rows[] = {
        {"2023-10-27", 5, "2023-11-03"}, /* the printed slip of law-and-practice 8.1 */
        {"2024-02-07", 1, "2024-02-15"}, /* across Tết 2024 */
        {"2025-01-24", 1, "2025-02-03"}, /* across Tết 2025 */
        {"2026-02-13", 1, "2026-02-23"}, /* across Tết 2026 */
        {"2024-04-26", 1, "2024-05-02"},  {"2024-04-26", 3, "2024-05-04"}, /* Saturday worked */
        {"2025-04-25", 1, "2025-04-26"},  {"2025-04-29", 1, "2025-05-05"},
        {"2026-01-09", 1, "2026-01-10"},  {"2026-08-21", 1, "2026-08-22"},
        {"2026-08-28", 1, "2026-09-03"},  {"2026-11-23", 1, "2026-11-25"},
        {"2026-01-11", 0, "2026-01-12"},  {"2026-01-10", 0, "2026-01-10"},
        {"2026-01-12", -1, "2026-01-10"}, {"2026-02-23", -1, "2026-02-13"},
        {"2026-02-18", -2, "2026-02-12"}, {"2025-10-06", 1, "2025-10-08"},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        day_t to;

        cr_assert(calendar_add_days(calendar, fixture_day(rows[i].from), rows[i].count, &to) == 0);
        cr_assert_str_eq(fixture_day_text(to), rows[i].to, "%s %+d is %s", rows[i].from,
                         rows[i].count, fixture_day_text(to));
    }
}

DVC_TEST(calendar_days, refuses_beyond_the_last_loaded_year)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    day_t last = fixture_day("2026-12-31"), first = fixture_day("2023-01-01");
    day_t after = fixture_day("2027-01-01"), before = fixture_day("2022-12-31");
    day_t ret = {-5};
    struct calendar_day look;
    wall_t at;
    bool working;
    int n = -5;

    cr_assert(calendar_covers(calendar, last) && !calendar_covers(calendar, after));
    cr_assert(calendar_covers(calendar, first) && !calendar_covers(calendar, before));
    cr_assert(!calendar_covers(calendar, DAY_NONE) &&
              !calendar_covers(calendar, (day_t){INT32_MAX}));
    DVC_EQ_INT(calendar_add_days(calendar, last, 1, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_add_days(calendar, last, INT32_MAX, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_add_days(calendar, last, INT32_MIN, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_add_days(calendar, after, -1, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_add_days(calendar, first, -1, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_next_working_day(calendar, after, &ret), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_days_between(calendar, last, after, &n), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_days_between(calendar, before, last, &n), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_look(calendar, after, &look), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_is_working_day(calendar, after, &working), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_day_minutes(calendar, before, &n), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_first_opening(calendar, after, &at), CALENDAR_E_BEYOND);
    DVC_EQ_INT(calendar_last_closing(calendar, before, &at), CALENDAR_E_BEYOND);
    cr_assert(ret.n == -5 && n == -5, "written although refused");
    cr_assert(calendar_add_days(calendar, fixture_day("2026-12-30"), 1, &ret) == 0);
    DVC_EQ_INT(ret.n, last.n);
}

DVC_TEST(calendar_days, saturday_open_but_not_counted)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, true);
    struct calendar_day look;
    day_t day;

    cr_assert(calendar_look(calendar, fixture_day("2026-03-07"), &look) == 0);
    cr_assert(!look.working && look.minutes == 270);
    cr_assert(calendar_add_days(calendar, fixture_day("2026-03-06"), 1, &day) == 0);
    DVC_EQ_STR(fixture_day_text(day), "2026-03-09");
    /* A make-up Saturday is a whole working day on this calendar too. */
    cr_assert(calendar_look(calendar, fixture_day("2026-08-22"), &look) == 0);
    cr_assert(look.working && look.minutes == 480);
}

/* Every day of four years against counting on the fingers. */
DVC_TEST(calendar_days, equals_counting_day_by_day)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct calendar_spec spec = fixture_spec(false);
    day_t first = fixture_day("2023-01-01"), last = fixture_day("2026-12-31"), got;
    uint64_t seed = 20261122;
    int between;

    for (int round = 0; round < 4000; round++) {
        int span = last.n - first.n + 1;
        day_t from = {first.n + (int)(fixture_random(&seed) % (uint64_t)span)};
        int count = (int)(fixture_random(&seed) % 400) - 200, left = count;
        day_t at = from;
        int rc = calendar_add_days(calendar, from, count, &got);

        while (count == 0 && at.n <= last.n && !naive_working(&spec, at))
            at.n++;
        while (left != 0 && at.n >= first.n && at.n <= last.n) {
            at.n += left > 0 ? 1 : -1;
            if (at.n >= first.n && at.n <= last.n && naive_working(&spec, at))
                left += left > 0 ? -1 : 1;
        }
        if (at.n < first.n || at.n > last.n) {
            cr_assert(rc == CALENDAR_E_BEYOND, "round %d", round);
            continue;
        }
        cr_assert(rc == 0 && got.n == at.n, "round %d: %s %+d is %s, expected %s", round,
                  fixture_day_text(from), count, fixture_day_text(got), fixture_day_text(at));
        cr_assert(calendar_days_between(calendar, from, got, &between) == 0);
        if (count > 0)
            cr_assert(between == count, "round %d", round);
        if (naive_working(&spec, from)) {
            cr_assert(calendar_add_days(calendar, got, -count, &at) == 0 && at.n == from.n,
                      "round %d: not undone", round);
        }
    }
}
