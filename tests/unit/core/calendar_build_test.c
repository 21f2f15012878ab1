#include "calendar_fixture.h"

#include "dvc_test.h"

static int build(struct calendar_spec spec, size_t *ret_bad)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = NULL;
    int rc = calendar_new(arena, &spec, &calendar, ret_bad);

    cr_assert((rc == 0) == (calendar != NULL));
    return rc;
}

static int with_exception(struct calendar_exception e)
{
    struct calendar_spec spec = fixture_spec(false);
    size_t bad = 99;
    int rc;

    spec.exceptions = &e;
    spec.exception_count = 1;
    rc = build(spec, &bad);
    if (rc == CALENDAR_E_EXCEPTION)
        DVC_EQ_INT(bad, 0);
    return rc;
}

DVC_TEST(calendar_build, years)
{
    struct calendar_spec spec = fixture_spec(false);

    spec.exception_count = 0;
    DVC_EQ_INT(build(spec, NULL), 0);
    spec.last_year = 2022;
    DVC_EQ_INT(build(spec, NULL), CALENDAR_E_YEARS);
    spec.last_year = 2023 + CALENDAR_YEARS_MAX - 1;
    DVC_EQ_INT(build(spec, NULL), 0);
    spec.last_year++;
    DVC_EQ_INT(build(spec, NULL), CALENDAR_E_YEARS);
    spec.first_year = spec.last_year = 1989;
    DVC_EQ_INT(build(spec, NULL), CALENDAR_E_YEARS);
}

DVC_TEST(calendar_build, sessions)
{
    static const struct {
        struct calendar_hours hours;
        int rc;
    } rows[] = {
        {{.sessions = {{0, 1440}}, .count = 1}, 0},
        {{.sessions = {{420, 690}, {690, 1020}}, .count = 2}, 0},
        {{.sessions = {{420, 690}, {689, 1020}}, .count = 2}, CALENDAR_E_SESSION},
        {{.sessions = {{810, 1020}, {420, 690}}, .count = 2}, CALENDAR_E_SESSION},
        {{.sessions = {{420, 420}}, .count = 1}, CALENDAR_E_SESSION},
        {{.sessions = {{-1, 60}}, .count = 1}, CALENDAR_E_SESSION},
        {{.sessions = {{420, 1441}}, .count = 1}, CALENDAR_E_SESSION},
        {{.count = CALENDAR_SESSIONS_MAX + 1}, CALENDAR_E_SESSION},
    };

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        struct calendar_spec spec = fixture_spec(false);

        spec.week[3] = rows[i].hours;
        cr_assert(build(spec, NULL) == rows[i].rc, "row %zu", i);
    }
}

DVC_TEST(calendar_build, exceptions)
{
    day_t monday = fixture_day("2026-03-02"), sunday = fixture_day("2026-03-01");
    struct calendar_exception e = {.day = monday, .kind = CALENDAR_HOLIDAY};

    DVC_EQ_INT(with_exception(e), 0);
    e.kind = CALENDAR_REGULAR;
    DVC_EQ_INT(with_exception(e), CALENDAR_E_EXCEPTION);
    e = (struct calendar_exception){.day = sunday, .kind = CALENDAR_MAKE_UP, .as_weekday = 5};
    DVC_EQ_INT(with_exception(e), 0);
    e.as_weekday = 7; /* a Sunday has no hours to work by */
    DVC_EQ_INT(with_exception(e), CALENDAR_E_EXCEPTION);
    e.as_weekday = 0;
    DVC_EQ_INT(with_exception(e), CALENDAR_E_EXCEPTION);
    e = (struct calendar_exception){.day = sunday, .kind = CALENDAR_HALF_DAY};
    DVC_EQ_INT(with_exception(e), CALENDAR_E_EXCEPTION);
    e = (struct calendar_exception){.day = monday, .kind = CALENDAR_OWN};
    DVC_EQ_INT(with_exception(e), CALENDAR_E_EXCEPTION);
    e = (struct calendar_exception){.day = fixture_day("2027-01-01"), .kind = CALENDAR_HOLIDAY};
    DVC_EQ_INT(with_exception(e), CALENDAR_E_EXCEPTION);
    e.day = fixture_day("2022-12-31");
    DVC_EQ_INT(with_exception(e), CALENDAR_E_EXCEPTION);
    e.day = DAY_NONE;
    DVC_EQ_INT(with_exception(e), CALENDAR_E_EXCEPTION);
}

DVC_TEST(calendar_build, one_day_twice_names_the_second)
{
    struct calendar_exception twice[] = {
        {.day = fixture_day("2026-03-03"), .kind = CALENDAR_HOLIDAY},
        {.day = fixture_day("2026-03-02"), .kind = CALENDAR_HOLIDAY},
        {.day = fixture_day("2026-03-03"), .kind = CALENDAR_CLOSURE},
    };
    struct calendar_spec spec = fixture_spec(false);
    size_t bad = 99;

    spec.exceptions = twice;
    spec.exception_count = 3;
    DVC_EQ_INT(build(spec, &bad), CALENDAR_E_EXCEPTION);
    DVC_EQ_INT(bad, 2);
}

DVC_TEST(calendar_build, number_of_exceptions)
{
    struct calendar_spec spec = fixture_spec(false);
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar;
    struct calendar_day look;

    spec.exception_count = CALENDAR_EXCEPTIONS_MAX + 1;
    DVC_EQ_INT(build(spec, NULL), CALENDAR_E_EXCEPTION);
    spec.exceptions = NULL;
    spec.exception_count = 0;
    cr_assert(calendar_new(arena, &spec, &calendar, NULL) == 0);
    cr_assert(calendar_look(calendar, fixture_day("2026-09-02"), &look) == 0);
    cr_assert(look.working && look.source == NULL);
}

DVC_TEST(calendar_build, nobody_ever_works)
{
    struct calendar_spec spec = fixture_spec(false);

    for (int i = 1; i <= 7; i++)
        spec.week[i].counted = false;
    spec.exception_count = 0;
    DVC_EQ_INT(build(spec, NULL), CALENDAR_E_EMPTY);
}

DVC_TEST(calendar_build, keeps_copies)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    char name[] = "Lịch", source[] = "Quyết định";
    struct calendar_exception e = {
        .day = fixture_day("2026-03-02"), .kind = CALENDAR_CLOSURE, .source = source};
    struct calendar_spec spec = fixture_spec(false);
    struct calendar *calendar;
    struct calendar_day look;
    size_t count;

    spec.name = name;
    spec.exceptions = &e;
    spec.exception_count = 1;
    cr_assert(calendar_new(arena, &spec, &calendar, NULL) == 0);
    memset(name, 'x', sizeof(name) - 1);
    memset(source, 'x', sizeof(source) - 1);
    memset(&e, 0, sizeof(e));
    memset(&spec.week, 0, sizeof(spec.week));
    DVC_EQ_STR(calendar_name(calendar), "Lịch");
    DVC_EQ_STR(calendar_id(calendar), "vn");
    DVC_EQ_STR(calendar_version(calendar), "1");
    DVC_EQ_INT(calendar_first_year(calendar), 2023);
    DVC_EQ_INT(calendar_last_year(calendar), 2026);
    DVC_EQ_INT(calendar_week(calendar, 1)->count, 2);
    DVC_EQ_INT(calendar_week(calendar, 0)->count, 0);
    DVC_EQ_INT(calendar_week(calendar, 8)->count, 0);
    DVC_EQ_INT(calendar_exceptions(calendar, &count)->day.n, fixture_day("2026-03-02").n);
    DVC_EQ_INT(count, 1);
    cr_assert(calendar_look(calendar, fixture_day("2026-03-02"), &look) == 0);
    DVC_EQ_STR(look.source, "Quyết định");
    DVC_EQ_INT(look.kind, CALENDAR_CLOSURE);
    DVC_EQ_INT(look.weekday, 1);
    cr_assert(!look.working && look.minutes == 0 && look.note == NULL);
}

DVC_TEST(calendar_build, halves)
{
    struct calendar_spec spec = fixture_spec(false);
    struct calendar_exception half[] = {
        {.day = fixture_day("2026-03-02"), .kind = CALENDAR_HALF_DAY, .half = CALENDAR_MORNING},
        {.day = fixture_day("2026-03-03"), .kind = CALENDAR_HALF_DAY, .half = CALENDAR_AFTERNOON},
        {.day = fixture_day("2026-03-04"), .kind = CALENDAR_HALF_DAY, .half = CALENDAR_MORNING},
        {.day = fixture_day("2026-03-11"), .kind = CALENDAR_HALF_DAY, .half = CALENDAR_AFTERNOON},
    };
    static const char *const spans[][2] = {
        {"2026-03-02 07:00", "2026-03-02 11:30"},
        {"2026-03-03 13:30", "2026-03-03 17:00"},
        {"2026-03-04 08:00", "2026-03-04 12:00"},
        {"2026-03-11 12:00", "2026-03-11 16:00"},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar;

    spec.week[3] = (struct calendar_hours){.sessions = {{480, 960}}, .count = 1, .counted = true};
    spec.exceptions = half;
    spec.exception_count = DVC_COUNT(half);
    cr_assert(calendar_new(arena, &spec, &calendar, NULL) == 0);
    for (size_t i = 0; i < DVC_COUNT(half); i++) {
        wall_t from, to;
        bool working;

        cr_assert(calendar_first_opening(calendar, half[i].day, &from) == 0);
        cr_assert(calendar_last_closing(calendar, half[i].day, &to) == 0);
        cr_assert(calendar_is_working_day(calendar, half[i].day, &working) == 0 && working);
        DVC_EQ_STR(fixture_text(from), spans[i][0]);
        DVC_EQ_STR(fixture_text(to), spans[i][1]);
    }
}
