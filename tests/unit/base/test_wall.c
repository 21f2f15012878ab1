#include "base/wall.h"

#include "dvc_test.h"

#include <errno.h>
#include <time.h>

static const char *day_text(day_t day)
{
    static struct buf buf;

    buf_release(&buf);
    buf = BUF_INIT(100);
    buf_add_day(&buf, day);
    return buf.ptr;
}

static const char *wall_text(wall_t at)
{
    static struct buf buf;

    buf_release(&buf);
    buf = BUF_INIT(100);
    buf_add_wall(&buf, at);
    return buf.ptr;
}

static wall_t at(const char *text)
{
    wall_t wall = WALL_NONE;

    cr_assert(wall_parse(slice_str(text), &wall) == 0, "\"%s\" is not read", text);
    return wall;
}

/* Against the C library, day by day over the years that the service can meet and far beyond. */
DVC_TEST(wall, agrees_with_the_c_library)
{
    for (int32_t n = -200000; n < 200000; n += 1) {
        time_t seconds = (time_t)n * 86400;
        struct tm tm;
        int y, m, d;

        gmtime_r(&seconds, &tm);
        day_to_ymd((day_t){n}, &y, &m, &d);
        cr_assert(y == tm.tm_year + 1900 && m == tm.tm_mon + 1 && d == tm.tm_mday, "day %d", n);
        cr_assert(day_weekday((day_t){n}) == (tm.tm_wday == 0 ? 7 : tm.tm_wday), "weekday %d", n);
        cr_assert(day_from_ymd(y, m, d).n == n, "back to day %d", n);
    }
}

DVC_TEST(wall, days_that_do_not_exist)
{
    cr_assert(day_is_none(day_from_ymd(2025, 2, 29)));
    cr_assert(day_is_none(day_from_ymd(1900, 2, 29)));
    cr_assert(!day_is_none(day_from_ymd(2000, 2, 29)));
    cr_assert(day_is_none(day_from_ymd(2025, 4, 31)));
    cr_assert(day_is_none(day_from_ymd(2025, 13, 1)));
    cr_assert(day_is_none(day_from_ymd(2025, 0, 1)));
    cr_assert(day_is_none(day_from_ymd(2025, 1, 0)));
    cr_assert(day_is_none(day_from_ymd(0, 1, 1)));
    cr_assert(day_is_none(day_from_ymd(10000, 1, 1)));
}

DVC_TEST(wall, the_day_is_the_day_in_vietnam)
{
    DVC_EQ_STR(day_text(day_of(at("2025-06-30T16:59:59.999999Z"))), "2025-06-30");
    DVC_EQ_STR(day_text(day_of(at("2025-06-30T17:00:00Z"))), "2025-07-01");
    DVC_EQ_STR(day_text(day_of(at("1969-12-31T16:59:59Z"))), "1969-12-31");
    DVC_EQ_STR(day_text(day_of(at("1969-12-31T17:00:00Z"))), "1970-01-01");
    DVC_EQ_INT(wall_minute_of_day(at("2025-07-01T15:00:59+07:00")), 15 * 60);
    DVC_EQ_INT(wall_minute_of_day(at("1960-07-01T23:59:59+07:00")), 23 * 60 + 59);
}

DVC_TEST(wall, day_at_and_back)
{
    day_t day = day_from_ymd(2025, 8, 15);

    DVC_EQ_STR(wall_text(day_at(day, 0)), "2025-08-15T00:00:00+07:00");
    DVC_EQ_STR(wall_text(day_at(day, 17 * 60)), "2025-08-15T17:00:00+07:00");
    DVC_EQ_STR(wall_text(day_at(day, 1440)), "2025-08-16T00:00:00+07:00");
    cr_assert(wall_is_none(day_at(DAY_NONE, 5)));
    cr_assert(day_is_none(day_of(WALL_NONE)));
}

DVC_TEST(wall, civil)
{
    struct civil civil = wall_civil(at("2025-09-02T08:30:15.000042+07:00"));

    DVC_EQ_INT(civil.year, 2025);
    DVC_EQ_INT(civil.month, 9);
    DVC_EQ_INT(civil.day, 2);
    DVC_EQ_INT(civil.hour, 8);
    DVC_EQ_INT(civil.minute, 30);
    DVC_EQ_INT(civil.second, 15);
    DVC_EQ_INT(civil.us, 42);
    DVC_EQ_INT(civil.weekday, 2);
}

DVC_TEST(wall, months_later)
{
    DVC_EQ_STR(day_text(day_add_months(day_from_ymd(2024, 1, 31), 1)), "2024-02-29");
    DVC_EQ_STR(day_text(day_add_months(day_from_ymd(2025, 1, 31), 1)), "2025-02-28");
    DVC_EQ_STR(day_text(day_add_months(day_from_ymd(2025, 11, 15), 3)), "2026-02-15");
    DVC_EQ_STR(day_text(day_add_months(day_from_ymd(2025, 1, 31), -2)), "2024-11-30");
    DVC_EQ_STR(day_text(day_add_months(day_from_ymd(2025, 5, 31), 0)), "2025-05-31");
    cr_assert(day_is_none(day_add_months(day_from_ymd(9999, 12, 1), 1)));
    cr_assert(day_is_none(day_add_months(DAY_NONE, 1)));
}

DVC_TEST(wall, reads_rfc_3339)
{
    static const struct {
        const char *text, *same;
    } cases[] = {
        {"2025-07-01T08:00:00+07:00", "2025-07-01T08:00:00+07:00"},
        {"2025-07-01T01:00:00Z", "2025-07-01T08:00:00+07:00"},
        {"2025-07-01t01:00:00z", "2025-07-01T08:00:00+07:00"},
        {"2025-06-30T20:30:00-04:30", "2025-07-01T08:00:00+07:00"},
        {"2025-07-01T08:00:00.5+07:00", "2025-07-01T08:00:00.500000+07:00"},
        {"2025-07-01T08:00:00.1234567899+07:00", "2025-07-01T08:00:00.123456+07:00"},
        {"2025-07-01T08:00:00.000+07:00", "2025-07-01T08:00:00+07:00"},
        {"2016-12-31T23:59:60Z", "2017-01-01T07:00:00+07:00"},
        {"0001-01-01T00:00:00+07:00", "0001-01-01T00:00:00+07:00"},
        {"9999-12-31T23:59:59.999999+07:00", "9999-12-31T23:59:59.999999+07:00"},
    };

    for (size_t i = 0; i < DVC_COUNT(cases); i++)
        DVC_EQ_STR(wall_text(at(cases[i].text)), cases[i].same);
    DVC_EQ_INT(at("1970-01-01T07:00:00+07:00").us, 0);
}

DVC_TEST(wall, refuses_what_is_no_moment)
{
    static const char *const bad[] = {
        "",
        "2025-07-01",
        "2025-07-01T08:00:00",
        "2025-07-01 08:00:00+07:00",
        "2025-07-01T08:00+07:00",
        "2025-02-29T08:00:00Z",
        "2025-07-01T24:00:00Z",
        "2025-07-01T08:60:00Z",
        "2025-07-01T08:00:61Z",
        "2025-07-01T08:00:00.Z",
        "2025-07-01T08:00:00+0700",
        "2025-07-01T08:00:00+07:00 ",
        "2025-07-01T08:00:00+24:00",
        "2025-07-01T08:00:00+07:60",
        "2025-7-01T08:00:00+07:00",
        "+025-07-01T08:00:00+07:00",
        "2025-07-01T08:00:00Zz",
    };
    wall_t wall = {42};

    for (size_t i = 0; i < DVC_COUNT(bad); i++)
        cr_assert(wall_parse(slice_str(bad[i]), &wall) == -EINVAL, "\"%s\" was read", bad[i]);
    DVC_EQ_INT(wall.us, 42);
}

DVC_TEST(wall, reads_days)
{
    static const char *const bad[] = {"",           "2025-02-30", "2025-2-3",    "20250203",
                                      "2025/02/03", "03-02-2025", "2025-02-031", "2025-02-3x"};
    day_t day = {42};

    for (size_t i = 0; i < DVC_COUNT(bad); i++)
        cr_assert(day_parse(slice_str(bad[i]), &day) == -EINVAL, "\"%s\" was read", bad[i]);
    DVC_EQ_INT(day.n, 42);
    DVC_EQ_INT(day_parse(SLICE_LIT("1970-01-02"), &day), 0);
    DVC_EQ_INT(day.n, 1);
}

DVC_TEST(wall, writes_for_people)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(100);

    buf_add_day_vi(&buf, day_from_ymd(2025, 9, 2));
    buf_addc(&buf, '|');
    buf_add_wall_vi(&buf, at("2025-12-31T17:05:00Z"));
    buf_addc(&buf, '|');
    buf_add_wall_vi(&buf, WALL_NONE);
    buf_add_day_vi(&buf, DAY_NONE);
    buf_add_wall(&buf, WALL_NONE);
    buf_add_day(&buf, DAY_NONE);
    DVC_EQ_STR(buf.ptr, "02/09/2025|00:05 01/01/2026|");
}
