#include "core/limit.h"

#include "dvc_test.h"

DVC_TEST(limit, parse)
{
    static const struct {
        const char *text;
        int rc;
        struct limit limit;
    } rows[] = {
        {"20 calendar_days", 0, {LIMIT_CALENDAR_DAYS, 20}},
        {"1 calendar_day", 0, {LIMIT_CALENDAR_DAYS, 1}},
        {"8 working_hours", 0, {LIMIT_WORKING_HOURS, 8}},
        {" 7\tworking_days ", 0, {LIMIT_WORKING_DAYS, 7}},
        {"2 months", 0, {LIMIT_MONTHS, 2}},
        {"same_day", 0, {LIMIT_SAME_DAY, 0}},
        {"transfer", 0, {LIMIT_TRANSFER, 0}},
        {"chuyển trong ngày", 0, {LIMIT_TRANSFER, 0}},
        {"none", 0, {LIMIT_NONE, 0}},
        {"20 ngày làm việc", 0, {LIMIT_WORKING_DAYS, 20}},
        {"20 ngày  làm việc", 0, {LIMIT_WORKING_DAYS, 20}},
        {"15 ngày", 0, {LIMIT_CALENDAR_DAYS, 15}},
        {"8 giờ làm việc", 0, {LIMIT_WORKING_HOURS, 8}},
        {"1 tháng", 0, {LIMIT_MONTHS, 1}},
        {"trong ngày", 0, {LIMIT_SAME_DAY, 0}},
        {"1000 working_days", 0, {LIMIT_WORKING_DAYS, 1000}},
        {"5 days", LIMIT_E_BARE_DAYS, {0}},
        {"1 day", LIMIT_E_BARE_DAYS, {0}},
        {"5 weeks", LIMIT_E_UNIT, {0}},
        {"5 Working_days", LIMIT_E_UNIT, {0}},
        {"5 same_day", LIMIT_E_UNIT, {0}},
        {"5 ngày làm", LIMIT_E_UNIT, {0}},
        {"0 working_days", LIMIT_E_AMOUNT, {0}},
        {"1001 working_days", LIMIT_E_AMOUNT, {0}},
        {"99999999999999999999 months", LIMIT_E_AMOUNT, {0}},
        {"", LIMIT_E_SYNTAX, {0}},
        {"working_days", LIMIT_E_SYNTAX, {0}},
        {"5", LIMIT_E_SYNTAX, {0}},
        {"-5 working_days", LIMIT_E_SYNTAX, {0}},
        {"1.5 working_days", LIMIT_E_UNIT, {0}},
    };

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        struct limit got = {LIMIT_MONTHS, -7};
        int rc = limit_parse(slice_str(rows[i].text), &got);

        cr_assert(rc == rows[i].rc, "\"%s\" gives %d", rows[i].text, rc);
        if (rc == 0)
            cr_assert(limit_eq(got, rows[i].limit), "\"%s\"", rows[i].text);
        else
            cr_assert(got.amount == -7, "\"%s\" was written although refused", rows[i].text);
    }
}

DVC_TEST(limit, written_and_named)
{
    static const struct {
        struct limit limit;
        const char *text, *vi;
    } rows[] = {
        {{LIMIT_NONE, 0}, "none", "không quy định thời hạn"},
        {{LIMIT_SAME_DAY, 0}, "same_day", "trong ngày"},
        {{LIMIT_TRANSFER, 0}, "transfer", "chuyển trong ngày"},
        {{LIMIT_WORKING_DAYS, 1}, "1 working_day", "1 ngày làm việc"},
        {{LIMIT_WORKING_DAYS, 20}, "20 working_days", "20 ngày làm việc"},
        {{LIMIT_CALENDAR_DAYS, 8}, "8 calendar_days", "8 ngày"},
        {{LIMIT_WORKING_HOURS, 8}, "8 working_hours", "8 giờ làm việc"},
        {{LIMIT_MONTHS, 3}, "3 months", "3 tháng"},
    };

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        struct buf text = BUF_INIT(100), vi = BUF_INIT(100);
        struct limit again;

        limit_write(&text, rows[i].limit);
        limit_name_vi(&vi, rows[i].limit);
        DVC_EQ_STR(text.ptr, rows[i].text);
        DVC_EQ_STR(vi.ptr, rows[i].vi);
        cr_assert(limit_parse(buf_slice(&text), &again) == 0 && limit_eq(again, rows[i].limit));
        buf_release(&text);
        buf_release(&vi);
    }
    DVC_EQ_STR(limit_unit_name(LIMIT_MONTHS), "months");
    cr_assert(strstr(limit_error_vi(LIMIT_E_SYNTAX), "same_day"));
    cr_assert(strstr(limit_error_vi(LIMIT_E_BARE_DAYS), "working_days"));
    cr_assert(strcmp(limit_error_vi(LIMIT_E_UNIT), limit_error_vi(LIMIT_E_AMOUNT)) != 0);
}

DVC_TEST(limit, nominal_sizes_agree)
{
    struct limit day = {LIMIT_WORKING_DAYS, 1}, hours = {LIMIT_WORKING_HOURS, 8};
    struct limit five = {LIMIT_WORKING_DAYS, 5}, seven = {LIMIT_CALENDAR_DAYS, 7};

    DVC_EQ_INT(limit_nominal_minutes(day), 480);
    DVC_EQ_INT(limit_nominal_sevenths(day), limit_nominal_sevenths(hours));
    DVC_EQ_INT(limit_nominal_sevenths(five), limit_nominal_sevenths(seven));
    DVC_EQ_INT(limit_nominal_minutes((struct limit){LIMIT_CALENDAR_DAYS, 1}), 343);
    DVC_EQ_INT(limit_nominal_minutes((struct limit){LIMIT_SAME_DAY, 0}), 480);
    DVC_EQ_INT(limit_nominal_minutes((struct limit){LIMIT_TRANSFER, 0}), 0);
    DVC_EQ_INT(limit_nominal_minutes(LIMIT_INIT_NONE), 0);
    DVC_EQ_INT(limit_nominal_sevenths((struct limit){LIMIT_MONTHS, 1}),
               limit_nominal_sevenths((struct limit){LIMIT_CALENDAR_DAYS, 30}));
    /* The steps of 1.013225 in plugins.md: 8 + 2 days and 4 hours are within 20 days. */
    cr_assert(limit_nominal_sevenths((struct limit){LIMIT_CALENDAR_DAYS, 10}) +
                  limit_nominal_sevenths((struct limit){LIMIT_WORKING_HOURS, 4}) <
              limit_nominal_sevenths((struct limit){LIMIT_CALENDAR_DAYS, 20}));
}

DVC_TEST(limit, warning_points)
{
    static const struct {
        const char *text;
        int rc;
        struct warn_at at;
    } rows[] = {
        {"50%", 0, {WARN_PERCENT, {0}, 50}},
        {"due", 0, {WARN_DUE, {0}, 0}},
        {"đến hạn", 0, {WARN_DUE, {0}, 0}},
        {"-1 working_day", 0, {WARN_BEFORE, {LIMIT_WORKING_DAYS, 1}, 0}},
        {"+1 working_day", 0, {WARN_AFTER, {LIMIT_WORKING_DAYS, 1}, 0}},
        {"- 4 giờ làm việc", 0, {WARN_BEFORE, {LIMIT_WORKING_HOURS, 4}, 0}},
        {"0%", LIMIT_E_AMOUNT, {0}},
        {"100%", LIMIT_E_AMOUNT, {0}},
        {"half%", LIMIT_E_SYNTAX, {0}},
        {"%", LIMIT_E_SYNTAX, {0}},
        {"-1 day", LIMIT_E_BARE_DAYS, {0}},
        {"-same_day", LIMIT_E_UNIT, {0}},
        {"+none", LIMIT_E_UNIT, {0}},
        {"1 working_day", LIMIT_E_SYNTAX, {0}},
        {"", LIMIT_E_SYNTAX, {0}},
    };

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        struct warn_at got = {0};
        int rc = warn_at_parse(slice_str(rows[i].text), &got);

        cr_assert(rc == rows[i].rc, "\"%s\" gives %d", rows[i].text, rc);
        if (rc == 0) {
            struct buf text = BUF_INIT(100);
            struct warn_at again;

            cr_assert(got.kind == rows[i].at.kind && got.percent == rows[i].at.percent &&
                          limit_eq(got.offset, rows[i].at.offset),
                      "\"%s\"", rows[i].text);
            warn_at_write(&text, got);
            cr_assert(warn_at_parse(buf_slice(&text), &again) == 0 && again.kind == got.kind &&
                      again.percent == got.percent && limit_eq(again.offset, got.offset));
            buf_release(&text);
        }
    }
}
