#include "core/deadline.h"

#include "calendar_fixture.h"
#include "dvc_test.h"

struct row {
    const char *start, *limit, *due;
};

static void check(const struct calendar *calendar, struct clock_rule rule, const struct row *rows,
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct limit limit;
        wall_t due = WALL_NONE;

        cr_assert(limit_parse(slice_str(rows[i].limit), &limit) == 0, "%s", rows[i].limit);
        cr_assert(deadline_due(calendar, &rule, limit, fixture_at(rows[i].start), &due) == 0,
                  "%s from %s", rows[i].limit, rows[i].start);
        cr_assert_str_eq(fixture_text(due), rows[i].due, "%s from %s is due %s, expected %s",
                         rows[i].limit, rows[i].start, fixture_text(due), rows[i].due);
    }
}

DVC_TEST(deadline_due, end_of_day)
{
    static const struct row rows[] = {
        {"2023-10-27 09:32", "5 working_days", "2023-11-03 17:00"},
        /* Art 147.2: the day of acceptance is not counted, whatever its hour. */
        {"2026-03-02 07:00", "1 working_day", "2026-03-03 17:00"},
        {"2026-03-02 23:59", "1 working_day", "2026-03-03 17:00"},
        {"2026-03-07 10:00", "1 working_day", "2026-03-09 17:00"},
        /* The cut-off does not touch a limit in days. */
        {"2026-03-02 15:30", "1 working_day", "2026-03-03 17:00"},
        {"2024-02-07 09:00", "3 working_days", "2024-02-19 17:00"},
        {"2025-01-24 09:00", "3 working_days", "2025-02-05 17:00"},
        {"2026-02-13 09:00", "3 working_days", "2026-02-25 17:00"},
        {"2024-05-03 09:00", "1 working_day", "2024-05-04 17:00"},
        {"2025-04-25 09:00", "1 working_day", "2025-04-26 17:00"},
        {"2026-01-09 09:00", "1 working_day", "2026-01-10 17:00"},
        {"2026-08-21 09:00", "1 working_day", "2026-08-22 17:00"},
        {"2025-12-22 09:00", "1 working_day", "2025-12-23 11:30"}, /* a half day closes at noon */
        {"2025-12-22 09:00", "2 working_days", "2025-12-24 10:00"},
        /* Calendar days: rest days count, but none is the last (Art 148.5). */
        {"2026-03-02 09:00", "4 calendar_days", "2026-03-06 17:00"},
        {"2026-03-02 09:00", "5 calendar_days", "2026-03-09 17:00"},
        {"2026-03-02 09:00", "6 calendar_days", "2026-03-09 17:00"},
        {"2026-02-10 09:00", "7 calendar_days", "2026-02-23 17:00"},
        {"2026-04-20 09:00", "6 calendar_days", "2026-04-28 17:00"}, /* Sunday, then its day off */
        {"2026-01-05 09:00", "5 calendar_days", "2026-01-10 17:00"}, /* a Saturday that is worked */
        {"2026-11-20 09:00", "4 calendar_days", "2026-11-25 17:00"}, /* 24/11 is a holiday */
        /* Months: the day of the same number, or the last (Art 148.3). */
        {"2026-03-02 09:00", "1 month", "2026-04-02 17:00"},
        {"2026-01-31 09:00", "1 month", "2026-03-02 17:00"}, /* 28/02 is a Saturday */
        {"2024-01-31 09:00", "1 month", "2024-02-29 17:00"},
        {"2025-10-31 09:00", "2 months", "2025-12-31 17:00"},
        {"2026-03-15 09:00", "2 tháng", "2026-05-15 17:00"},
        {"2026-03-02 09:00", "none", "none"},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();

    check(fixture_calendar(arena, false), CLOCK_RULE_DEFAULT, rows, DVC_COUNT(rows));
}

DVC_TEST(deadline_due, hours)
{
    static const struct row rows[] = {
        {"2026-03-02 09:00", "8 working_hours", "2026-03-03 09:00"},
        {"2026-03-02 07:00", "8 working_hours", "2026-03-02 17:00"},
        {"2026-03-02 12:00", "2 working_hours", "2026-03-02 15:30"},
        {"2026-03-02 18:00", "8 working_hours", "2026-03-03 17:00"},
        {"2026-03-02 06:00", "1 working_hour", "2026-03-02 08:00"},
        {"2026-03-07 09:00", "8 giờ làm việc", "2026-03-09 17:00"},
        {"2026-02-13 16:30", "8 working_hours", "2026-02-23 16:30"},
        {"2026-08-21 16:00", "2 working_hours", "2026-08-22 08:00"},
        {"2026-03-02 15:30:20", "1 working_hour", "2026-03-02 16:30:20"},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct clock_rule same = CLOCK_RULE_DEFAULT;

    check(fixture_calendar(arena, false), CLOCK_RULE_DEFAULT, rows, DVC_COUNT(rows));
    same.due_time = DUE_SAME_TIME;
    check(fixture_calendar(arena, false), same, rows, DVC_COUNT(rows));
}

DVC_TEST(deadline_due, same_time)
{
    static const struct row rows[] = {
        {"2023-10-27 09:32", "5 working_days", "2023-11-03 09:32"},
        {"2026-03-02 06:10", "1 working_day", "2026-03-03 07:00"},
        {"2026-03-02 12:10", "1 working_day", "2026-03-03 13:30"},
        {"2026-03-02 20:10", "1 working_day", "2026-03-03 17:00"},
        {"2025-12-22 15:00", "1 working_day", "2025-12-23 11:30"},
        {"2026-03-02 09:32", "5 calendar_days", "2026-03-09 09:32"},
        {"2026-03-02 09:32", "same_day", "2026-03-02 17:00"},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct clock_rule same = CLOCK_RULE_DEFAULT;

    same.due_time = DUE_SAME_TIME;
    check(fixture_calendar(arena, false), same, rows, DVC_COUNT(rows));
}

DVC_TEST(deadline_due, same_day_and_its_cut_off)
{
    static const struct row rows[] = {
        {"2026-03-02 06:00", "same_day", "2026-03-02 17:00"},
        {"2026-03-02 14:59", "same_day", "2026-03-02 17:00"},
        {"2026-03-02 14:59:59", "same_day", "2026-03-02 17:00"},
        {"2026-03-02 15:00", "same_day", "2026-03-03 17:00"},
        {"2026-03-02 15:01", "same_day", "2026-03-03 17:00"},
        {"2026-03-02 18:00", "same_day", "2026-03-03 17:00"},
        {"2026-03-06 15:00", "trong ngày", "2026-03-09 17:00"},
        {"2026-03-07 09:00", "same_day", "2026-03-09 17:00"},
        {"2026-02-13 15:00", "same_day", "2026-02-23 17:00"},
        {"2026-01-09 15:00", "same_day", "2026-01-10 17:00"},
        /* Closed at 11:30 that day: before the cut-off, yet nothing can be due in the past. */
        {"2025-12-23 11:00", "same_day", "2025-12-23 11:30"},
        {"2025-12-23 14:00", "same_day", "2025-12-24 10:00"},
    };
    static const struct row noon[] = {
        {"2026-03-02 11:59", "same_day", "2026-03-02 17:00"},
        {"2026-03-02 12:00", "same_day", "2026-03-03 17:00"},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;

    check(calendar, rule, rows, DVC_COUNT(rows));
    rule.cutoff_minute = 12 * 60;
    check(calendar, rule, noon, DVC_COUNT(noon));
}

DVC_TEST(deadline_due, transfer)
{
    static const char *const rows[][2] = {
        {"2026-03-02 14:59", "2026-03-02 17:00"}, {"2026-03-02 15:00", "2026-03-03 07:00"},
        {"2026-03-02 15:01", "2026-03-03 07:00"}, {"2026-03-06 16:00", "2026-03-09 07:00"},
        {"2026-03-07 08:00", "2026-03-09 07:00"}, {"2025-12-23 12:00", "2025-12-24 09:00"},
        {"2026-08-21 15:00", "2026-08-22 07:00"},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        wall_t at = WALL_NONE;

        cr_assert(deadline_transfer(calendar, &rule, fixture_at(rows[i][0]), &at) == 0);
        cr_assert_str_eq(fixture_text(at), rows[i][1], "%s: %s", rows[i][0], fixture_text(at));
    }
}

/* A Saturday morning on which the desk is open is still a rest day of the law. */
DVC_TEST(deadline_due, saturday_desk)
{
    static const struct row rows[] = {
        {"2026-03-02 09:00", "5 calendar_days", "2026-03-09 17:00"},
        {"2026-03-06 09:00", "1 working_day", "2026-03-09 17:00"},
        {"2026-03-06 16:00", "2 working_hours", "2026-03-07 08:00"},
        {"2026-03-07 09:00", "same_day", "2026-03-09 17:00"},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();

    check(fixture_calendar(arena, true), CLOCK_RULE_DEFAULT, rows, DVC_COUNT(rows));
}

DVC_TEST(deadline_due, refuses)
{
    static const char *const limits[] = {"1 working_day", "1 calendar_day", "8 working_hours",
                                         "1 month", "same_day"};
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    wall_t due = {-5};

    for (size_t i = 0; i < DVC_COUNT(limits); i++) {
        struct limit limit;

        cr_assert(limit_parse(slice_str(limits[i]), &limit) == 0);
        cr_assert(deadline_due(calendar, &rule, limit, fixture_at("2026-12-31 15:30"), &due) ==
                      CALENDAR_E_BEYOND,
                  "%s", limits[i]);
        cr_assert(deadline_due(calendar, &rule, limit, fixture_at("2027-01-04 09:00"), &due) ==
                  CALENDAR_E_BEYOND);
        cr_assert(deadline_due(calendar, &rule, limit, WALL_NONE, &due) == CALENDAR_E_BEYOND);
        cr_assert(deadline_due(calendar, &rule, limit, (wall_t){INT64_MAX}, &due) ==
                  CALENDAR_E_BEYOND);
    }
    DVC_EQ_INT(deadline_due(calendar, &rule, (struct limit){LIMIT_MONTHS, 0},
                            fixture_at("2026-03-02 09:00"), &due),
               DEADLINE_E_LIMIT);
    DVC_EQ_INT(deadline_due(calendar, &rule, (struct limit){LIMIT_WORKING_DAYS, INT32_MAX},
                            fixture_at("2026-03-02 09:00"), &due),
               DEADLINE_E_LIMIT);
    DVC_EQ_INT(deadline_transfer(calendar, &rule, fixture_at("2026-12-31 15:00"), &due),
               CALENDAR_E_BEYOND);
    DVC_EQ_INT(deadline_transfer(calendar, &rule, WALL_NONE, &due), CALENDAR_E_BEYOND);
    DVC_EQ_INT(due.us, -5);
    /* The last day itself is known. */
    cr_assert(deadline_due(calendar, &rule, (struct limit){LIMIT_WORKING_DAYS, 1},
                           fixture_at("2026-12-30 09:00"), &due) == 0);
    DVC_EQ_STR(fixture_text(due), "2026-12-31 17:00");
}

DVC_TEST(deadline_due, start_by_rule)
{
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    wall_t submitted = {1}, accepted = {2};

    DVC_EQ_INT(deadline_start(&rule, submitted, accepted).us, 2);
    cr_assert(clock_starts_parse(SLICE_LIT("submit"), &rule.starts) == 0);
    DVC_EQ_INT(deadline_start(&rule, submitted, accepted).us, 1);
    cr_assert(due_time_parse(SLICE_LIT("same_time"), &rule.due_time) == 0);
    cr_assert(after_supplement_parse(SLICE_LIT("resume"), &rule.after_supplement) == 0);
    DVC_EQ_STR(clock_starts_name(rule.starts), "submit");
    DVC_EQ_STR(due_time_name(rule.due_time), "same_time");
    DVC_EQ_STR(after_supplement_name(rule.after_supplement), "resume");
    cr_assert(clock_starts_parse(SLICE_LIT("accepted"), &rule.starts) < 0);
    cr_assert(due_time_parse(SLICE_LIT(""), &rule.due_time) < 0);
    cr_assert(after_supplement_parse(SLICE_LIT("stop"), &rule.after_supplement) < 0);
}

DVC_TEST(deadline_due, two_questions_about_lateness)
{
    wall_t due = fixture_at("2026-03-06 17:00");

    cr_assert(!past_due(due, due));
    cr_assert(past_due(due, (wall_t){due.us + 1}));
    cr_assert(!legally_late(due, fixture_at("2026-03-06 23:59")));
    cr_assert(past_due(due, fixture_at("2026-03-06 23:59")));
    cr_assert(legally_late(due, fixture_at("2026-03-07 00:00")));
    /* 17:30 UTC of the 6th is the 7th in Vietnam. */
    cr_assert(legally_late(due, (wall_t){fixture_at("2026-03-07 00:30").us}));
    cr_assert(!past_due(WALL_NONE, due) && !legally_late(WALL_NONE, due));
    cr_assert(!legally_late(due, WALL_NONE));
}

/* The rules again, counted day by day from the plain input. */
DVC_TEST(deadline_due, equals_counting_day_by_day)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct calendar_spec spec = fixture_spec(false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    uint64_t seed = 148;

    for (int round = 0; round < 5000; round++) {
        day_t first = {fixture_day("2024-01-01").n + (int)(fixture_random(&seed) % 900)}, day;
        wall_t start = day_at(first, (int)(fixture_random(&seed) % 1440)), due, closing;
        bool calendar_days = round % 2;
        struct limit limit = {calendar_days ? LIMIT_CALENDAR_DAYS : LIMIT_WORKING_DAYS,
                              1 + (int)(fixture_random(&seed) % 60)};
        int left = limit.amount;

        for (day = first; left > 0;) {
            day.n++;
            left -= calendar_days || naive_working(&spec, day);
        }
        while (!naive_working(&spec, day))
            day.n++;
        cr_assert(calendar_last_closing(calendar, day, &closing) == 0);
        cr_assert(deadline_due(calendar, &rule, limit, start, &due) == 0);
        cr_assert(due.us == closing.us, "round %d: %s, expected %s", round, fixture_text(due),
                  fixture_text(closing));
    }
}
