#include "core/explain.h"

#include "base/jw.h"
#include "calendar_fixture.h"
#include "dvc_test.h"

struct line {
    const char *day;
    int index; /* 0: not counted */
    enum explain_reason reason;
};

static struct explain explain(struct arena *arena, const char *limit_text,
                              const struct clock_run *run)
{
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    struct limit limit;
    struct explain e;

    cr_assert(limit_parse(slice_str(limit_text), &limit) == 0);
    cr_assert(deadline_explain(arena, fixture_calendar(arena, false), &rule, limit, run, &e) == 0);
    return e;
}

static void check(const struct explain *e, const char *due, const struct line *lines, size_t count)
{
    DVC_EQ_STR(fixture_text(e->due), due);
    DVC_EQ_INT(e->day_count, count);
    for (size_t i = 0; i < count; i++) {
        const struct explain_day *d = &e->days[i];

        DVC_EQ_STR(fixture_day_text(d->day), lines[i].day);
        cr_assert(d->index == lines[i].index && d->counted == (lines[i].index > 0), "%s: index %d",
                  lines[i].day, d->index);
        cr_assert(d->reason == lines[i].reason, "%s: %s", lines[i].day,
                  explain_reason_name(d->reason));
    }
}

static bool has_rule(const struct explain *e, const char *part)
{
    for (size_t i = 0; i < e->rule_count; i++)
        if (strstr(e->rules[i], part))
            return true;
    return false;
}

DVC_TEST(explain, working_days_across_a_swap)
{
    static const struct line lines[] = {
        {"2026-08-21", 0, EXPLAIN_FIRST_DAY}, {"2026-08-22", 1, EXPLAIN_MAKE_UP},
        {"2026-08-23", 0, EXPLAIN_REST_DAY},  {"2026-08-24", 2, EXPLAIN_COUNTED},
        {"2026-08-25", 3, EXPLAIN_COUNTED},   {"2026-08-26", 4, EXPLAIN_COUNTED},
        {"2026-08-27", 5, EXPLAIN_COUNTED},   {"2026-08-28", 6, EXPLAIN_COUNTED},
        {"2026-08-29", 0, EXPLAIN_REST_DAY},  {"2026-08-30", 0, EXPLAIN_REST_DAY},
        {"2026-08-31", 0, EXPLAIN_HOLIDAY},   {"2026-09-01", 0, EXPLAIN_HOLIDAY},
        {"2026-09-02", 0, EXPLAIN_HOLIDAY},   {"2026-09-03", 7, EXPLAIN_COUNTED},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct clock_run run = {.start = fixture_at("2026-08-21 09:00")};
    struct explain e = explain(arena, "7 working_days", &run);

    check(&e, "2026-09-03 17:00", lines, DVC_COUNT(lines));
    DVC_EQ_STR(e.days[1].source, "hoán đổi");
    cr_assert(e.days[0].source == NULL);
    cr_assert(has_rule(&e, "Điều 147 khoản 2") && !has_rule(&e, "Điều 148 khoản 5"));
}

DVC_TEST(explain, calendar_days_moved_off_a_rest_day)
{
    static const struct line lines[] = {
        {"2026-04-23", 0, EXPLAIN_FIRST_DAY}, {"2026-04-24", 1, EXPLAIN_COUNTED},
        {"2026-04-25", 2, EXPLAIN_COUNTED},   {"2026-04-26", 0, EXPLAIN_REST_DAY},
        {"2026-04-27", 0, EXPLAIN_HOLIDAY},   {"2026-04-28", 0, EXPLAIN_ROLLED},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct clock_run run = {.start = fixture_at("2026-04-23 09:00")};
    struct explain e = explain(arena, "2 calendar_days", &run);

    check(&e, "2026-04-28 17:00", lines, DVC_COUNT(lines));
    cr_assert(has_rule(&e, "Điều 148 khoản 5"));
    e = explain(arena, "1 month", &(struct clock_run){.start = fixture_at("2026-03-02 09:00")});
    cr_assert(has_rule(&e, "Điều 148 khoản 3") && !has_rule(&e, "Điều 148 khoản 5"));
    DVC_EQ_INT(e.days[e.day_count - 1].index, 31);
}

DVC_TEST(explain, holds_and_a_restart)
{
    static const struct line lines[] = {
        {"2026-03-02", 0, EXPLAIN_FIRST_DAY}, {"2026-03-03", 1, EXPLAIN_COUNTED},
        {"2026-03-04", 0, EXPLAIN_HELD},      {"2026-03-05", 2, EXPLAIN_COUNTED},
        {"2026-03-06", 0, EXPLAIN_RESTARTED}, {"2026-03-07", 0, EXPLAIN_REST_DAY},
        {"2026-03-08", 0, EXPLAIN_REST_DAY},  {"2026-03-09", 1, EXPLAIN_COUNTED},
        {"2026-03-10", 2, EXPLAIN_COUNTED},   {"2026-03-11", 3, EXPLAIN_COUNTED},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct clock_hold holds[] = {
        {fixture_at("2026-03-03 10:00"), fixture_at("2026-03-04 10:00"), false},
        {fixture_at("2026-03-05 10:00"), fixture_at("2026-03-06 10:00"), true},
    };
    struct clock_run run = {fixture_at("2026-03-02 09:00"), holds, 2};
    struct explain e = explain(arena, "3 working_days", &run);

    check(&e, "2026-03-11 17:00", lines, DVC_COUNT(lines));
    DVC_EQ_STR(fixture_text(e.start), "2026-03-06 10:00");
    cr_assert(has_rule(&e, "tạm dừng") && has_rule(&e, "Điều 19 khoản 4"));
}

DVC_TEST(explain, hours_and_same_day)
{
    static const struct line hours[] = {
        {"2025-12-22", 0, EXPLAIN_AFTER_HOURS},
        {"2025-12-23", 1, EXPLAIN_HALF_DAY},
        {"2025-12-24", 2, EXPLAIN_HALF_DAY},
        {"2025-12-25", 3, EXPLAIN_COUNTED},
    };
    static const struct line same[] = {
        {"2026-03-06", 0, EXPLAIN_AFTER_HOURS},
        {"2026-03-07", 0, EXPLAIN_REST_DAY},
        {"2026-03-08", 0, EXPLAIN_REST_DAY},
        {"2026-03-09", 1, EXPLAIN_COUNTED},
    };
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct clock_run run = {.start = fixture_at("2025-12-22 17:30")};
    struct explain e = explain(arena, "6 working_hours", &run);
    const struct clock_hold stopped = {fixture_at("2026-03-09 09:00"),
                                       fixture_at("2026-03-10 09:00"), false};

    check(&e, "2025-12-25 07:30", hours, DVC_COUNT(hours));
    DVC_EQ_INT(e.days[1].minutes, 270);
    DVC_EQ_INT(e.days[2].minutes, 60);
    DVC_EQ_INT(e.days[3].minutes, 30);
    cr_assert(has_rule(&e, "Điều 147 khoản 1"));
    run.start = fixture_at("2026-03-06 15:00");
    e = explain(arena, "same_day", &run);
    check(&e, "2026-03-09 17:00", same, DVC_COUNT(same));
    cr_assert(has_rule(&e, "15:00"));
    /* The day on which it was stopped had hours enough: it is the stop that took it. */
    run.holds = &stopped;
    run.hold_count = 1;
    e = explain(arena, "same_day", &run);
    DVC_EQ_STR(fixture_text(e.due), "2026-03-10 17:00");
    DVC_EQ_INT((int)e.days[3].reason, EXPLAIN_HELD);
    cr_assert(e.days[4].counted);
    run.hold_count = 0;
    e = explain(arena, "none", &run);
    cr_assert(e.day_count == 0 && e.rule_count == 0 && wall_is_none(e.due));
}

DVC_TEST(explain, written)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct clock_run run = {.start = fixture_at("2025-10-06 09:00")};
    struct explain e = explain(arena, "1 working_day", &run);
    struct buf buf = BUF_INIT(10000);
    struct jw jw = JW_INIT(&buf);

    explain_write(&jw, &e);
    cr_assert(slice_starts(buf_slice(&buf),
                           "{\"limit\":\"1 working_day\",\"start\":\"2025-10-06T09:00:00+07:00\","
                           "\"due\":\"2025-10-08T17:00:00+07:00\",\"calendar\":\"vn\""),
              "%s", buf.ptr);
    cr_assert(strstr(buf.ptr, "{\"date\":\"2025-10-07\",\"counted\":false,\"minutes\":0,"
                              "\"reason\":\"closure\",\"text\":\"Không tính: cơ quan tạm ngừng "
                              "làm việc\",\"source\":\"Bão\"}"),
              "%s", buf.ptr);
    buf_release(&buf);
}

DVC_TEST(explain, refuses_as_the_due_does)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    struct clock_hold early = {fixture_at("2026-12-01 09:00"), fixture_at("2026-12-02 09:00"), 1};
    struct clock_run run = {fixture_at("2026-12-30 09:00"), &early, 1};
    struct limit limit = {LIMIT_WORKING_DAYS, 2};
    struct explain e = {.day_count = 77};

    DVC_EQ_INT(deadline_explain(arena, calendar, &rule, limit, &run, &e), CALENDAR_E_BEYOND);
    DVC_EQ_INT(e.day_count, 77);
    limit.amount = 1;
    cr_assert(deadline_explain(arena, calendar, &rule, limit, &run, &e) == 0);
    DVC_EQ_INT(e.day_count, 2); /* the hold that ended before the start says nothing */
    cr_assert(!has_rule(&e, "Điều 19"));
}

/* Whatever the ledger, the list ends on the due day and its counted days add up to the limit. */
DVC_TEST(explain, adds_up)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct calendar *calendar = fixture_calendar(arena, false);
    struct clock_rule rule = CLOCK_RULE_DEFAULT;
    uint64_t seed = 31;

    for (int round = 0; round < 2000; round++) {
        int32_t n = fixture_day("2024-01-01").n + (int)(fixture_random(&seed) % 700);
        struct limit limit = {1 + (enum limit_unit)(fixture_random(&seed) % 3),
                              12 + (int)(fixture_random(&seed) % 20)};
        struct clock_hold h[2];
        struct clock_run run = {day_at((day_t){n}, 600), h, 2};
        int64_t minutes = 0, sum;
        struct explain e;
        wall_t due;
        int counted = 0;

        for (int i = 0; i < 2; i++) {
            n += 1 + (int)(fixture_random(&seed) % 3);
            h[i].from = day_at((day_t){n}, 420 + (int)(fixture_random(&seed) % 100));
            n += (int)(fixture_random(&seed) % 9);
            h[i].to = day_at((day_t){n}, 540 + (int)(fixture_random(&seed) % 400));
            h[i].restarts = fixture_random(&seed) % 4 == 0;
        }
        cr_assert(deadline_due_run(calendar, &rule, limit, &run, &due) == 0);
        cr_assert(deadline_explain(arena, calendar, &rule, limit, &run, &e) == 0);
        DVC_EQ_INT(e.due.us, due.us);
        DVC_EQ_INT(e.days[e.day_count - 1].day.n, day_of(due).n);
        for (size_t i = 0; i < e.day_count; i++) {
            if (e.days[i].index == 1)
                counted = 0;
            counted += e.days[i].counted;
        }
        if (limit.unit != LIMIT_WORKING_HOURS) {
            cr_assert(counted == limit.amount, "round %d: %d of %d", round, counted, limit.amount);
            continue;
        }
        for (size_t i = 0; i < e.day_count; i++) {
            /* With a restart only what follows it is the limit. */
            if (e.days[i].day.n >= day_of(e.start).n && e.days[i].counted)
                minutes += e.days[i].minutes;
        }
        sum = limit.amount * 60 - minutes;
        cr_assert((due.us <= h[0].from.us) || (sum >= 0 && sum < 30), "round %d: %lld short", round,
                  (long long)sum);
    }
}
