#include "core/deadline.h"

wall_t deadline_start(const struct clock_rule *rule, wall_t submitted_at, wall_t accepted_at)
{
    return rule->starts == CLOCK_STARTS_SUBMIT ? submitted_at : accepted_at;
}

static int64_t clock_time(wall_t at)
{
    return at.us - day_at(day_of(at), 0).us;
}

/* day_of() has no answer for a moment that is no moment, nor has the calendar. */
static bool covered(const struct calendar *calendar, wall_t at)
{
    return !wall_is_none(at) && at.us / US_PER_DAY > -100000 && at.us / US_PER_DAY < 100000 &&
           calendar_covers(calendar, day_of(at));
}

static bool limit_sound(struct limit limit)
{
    if (limit_alone(limit.unit))
        return true;
    return limit.amount >= 1 && limit.amount <= limit_max(limit.unit);
}

/* Art 148.5 for the last day, then the hour: `last_day` becomes the due moment. */
static int due_on(const struct calendar *calendar, enum due_time due_time, day_t last_day,
                  wall_t start, wall_t *ret)
{
    day_t day;
    int rc = calendar_next_working_day(calendar, last_day, &day);

    if (rc != 0)
        return rc;
    if (due_time == DUE_SAME_TIME)
        return calendar_clamp(calendar, day, clock_time(start), ret);
    return calendar_last_closing(calendar, day, ret);
}

/* Is `at` on a working day, before its closing and before `minute`? */
static int still_today(const struct calendar *calendar, wall_t at, int minute, bool *ret)
{
    day_t day = day_of(at);
    bool working;
    wall_t closing;
    int rc = calendar_is_working_day(calendar, day, &working);

    if (rc != 0)
        return rc;
    if (working) {
        rc = calendar_last_closing(calendar, day, &closing);
        if (rc != 0)
            return rc;
        working = at.us < closing.us && at.us < day_at(day, minute).us;
    }
    *ret = working;
    return 0;
}

/* The day of `at` when it still has time before `minute` and its closing, else the next working
 * day after it. */
static int day_today_or_next(const struct calendar *calendar, wall_t at, int minute, day_t *ret)
{
    bool today;
    int rc = still_today(calendar, at, minute, &today);

    if (rc != 0)
        return rc;
    if (!today)
        return calendar_add_days(calendar, day_of(at), 1, ret);
    *ret = day_of(at);
    return 0;
}

static int last_day_of(const struct calendar *calendar, const struct clock_rule *rule,
                       struct limit limit, wall_t start, day_t *ret)
{
    day_t first = day_of(start);

    switch (limit.unit) {
    case LIMIT_WORKING_DAYS:
        return calendar_add_days(calendar, first, limit.amount, ret);
    case LIMIT_CALENDAR_DAYS:
        *ret = (day_t){first.n + limit.amount};
        return 0;
    case LIMIT_MONTHS:
        *ret = day_add_months(first, limit.amount);
        return 0;
    case LIMIT_SAME_DAY:
    case LIMIT_TRANSFER:
        return day_today_or_next(calendar, start, rule->cutoff_minute, ret);
    case LIMIT_NONE:
    case LIMIT_WORKING_HOURS:
        break;
    }
    *ret = DAY_NONE;
    return 0;
}

/* Today's closing, or the opening of the next working day. */
static int transfer_on(const struct calendar *calendar, day_t day, wall_t start, wall_t *ret)
{
    return day.n == day_of(start).n ? calendar_last_closing(calendar, day, ret)
                                    : calendar_first_opening(calendar, day, ret);
}

int deadline_begin(const struct calendar *calendar, const struct clock_rule *rule,
                   struct limit limit, wall_t start, struct deadline *ret)
{
    struct deadline d = {.start = start, .last_day = DAY_NONE, .due = WALL_NONE};
    int rc = 0;

    if (!limit_sound(limit))
        return DEADLINE_E_LIMIT;
    if (limit.unit != LIMIT_NONE) {
        if (!covered(calendar, start))
            return CALENDAR_E_BEYOND;
        rc = last_day_of(calendar, rule, limit, start, &d.last_day);
        if (rc != 0)
            return rc;
        if (limit.unit == LIMIT_WORKING_HOURS)
            rc = calendar_add_work(calendar, start, limit.amount * US_PER_HOUR, &d.due);
        else if (limit.unit == LIMIT_TRANSFER)
            rc = transfer_on(calendar, d.last_day, start, &d.due);
        else
            rc = due_on(calendar, limit.unit == LIMIT_SAME_DAY ? DUE_END_OF_DAY : rule->due_time,
                        d.last_day, start, &d.due);
    }
    if (rc == 0)
        *ret = d;
    return rc;
}

int deadline_due(const struct calendar *calendar, const struct clock_rule *rule, struct limit limit,
                 wall_t start, wall_t *ret_due)
{
    struct deadline d;
    int rc = deadline_begin(calendar, rule, limit, start, &d);

    if (rc == 0)
        *ret_due = d.due;
    return rc;
}

int deadline_transfer(const struct calendar *calendar, const struct clock_rule *rule,
                      wall_t accepted_at, wall_t *ret)
{
    return deadline_due(calendar, rule, (struct limit){LIMIT_TRANSFER, 0}, accepted_at, ret);
}

int deadline_left(const struct calendar *calendar, struct limit limit,
                  const struct deadline *deadline, wall_t at, int64_t *ret_left)
{
    day_t last_day = deadline->last_day;
    int64_t left = 0;
    int days = 0, rc = 0;

    if (limit.unit != LIMIT_NONE && !(covered(calendar, at) && covered(calendar, deadline->due)))
        return CALENDAR_E_BEYOND;
    if (limit.unit != LIMIT_NONE && day_is_none(last_day))
        last_day = day_of(deadline->due);
    switch (limit.unit) {
    case LIMIT_NONE:
        break;
    case LIMIT_WORKING_HOURS:
        rc = calendar_work_between(calendar, at, deadline->due, &left);
        break;
    case LIMIT_WORKING_DAYS:
    case LIMIT_SAME_DAY:
    case LIMIT_TRANSFER:
        rc = calendar_days_between(calendar, day_of(at), last_day, &days);
        left = days;
        break;
    case LIMIT_CALENDAR_DAYS:
    case LIMIT_MONTHS:
        left = last_day.n - day_of(at).n;
        break;
    }
    if (rc == 0)
        *ret_left = left > 0 ? left : 0;
    return rc;
}

int deadline_continue(const struct calendar *calendar, const struct clock_rule *rule,
                      struct limit limit, int64_t left, wall_t at, wall_t clock_time_of,
                      struct deadline *ret)
{
    struct deadline d = {.start = clock_time_of, .last_day = DAY_NONE, .due = WALL_NONE};
    enum due_time due_time = limit.unit == LIMIT_SAME_DAY ? DUE_END_OF_DAY : rule->due_time;
    int rc;

    if (limit.unit == LIMIT_NONE) {
        *ret = d;
        return 0;
    }
    /* Each handing over has its own day. */
    if (limit.unit == LIMIT_TRANSFER)
        return deadline_begin(calendar, rule, limit, at, ret);
    if (left < 0)
        return DEADLINE_E_LIMIT;
    if (!covered(calendar, at))
        return CALENDAR_E_BEYOND;
    if (limit.unit == LIMIT_WORKING_HOURS) {
        rc = calendar_add_work(calendar, at, left, &d.due);
        goto out;
    }
    if (left > INT16_MAX)
        return DEADLINE_E_LIMIT;
    if (left == 0)
        rc = day_today_or_next(calendar, at, 24 * 60, &d.last_day);
    else if (limit.unit == LIMIT_WORKING_DAYS || limit.unit == LIMIT_SAME_DAY)
        rc = calendar_add_days(calendar, day_of(at), (int)left, &d.last_day);
    else
        rc = (d.last_day.n = day_of(at).n + (int32_t)left, 0);
    if (rc == 0)
        rc = due_on(calendar, due_time, d.last_day, clock_time_of, &d.due);
    if (rc == 0 && d.due.us <= at.us)
        rc = calendar_last_closing(calendar, day_of(d.due), &d.due);
out:
    if (rc == 0)
        *ret = d;
    return rc;
}

int deadline_release(const struct calendar *calendar, const struct clock_rule *rule,
                     struct limit limit, const struct deadline *deadline,
                     const struct clock_hold *hold, struct deadline *ret)
{
    int64_t left;
    int rc;

    if (wall_is_none(hold->to) || hold->to.us < hold->from.us)
        return DEADLINE_E_HOLDS;
    if (hold->restarts)
        return deadline_begin(calendar, rule, limit, hold->to, ret);
    if (limit.unit == LIMIT_NONE || deadline->due.us <= hold->from.us) {
        *ret = *deadline;
        return 0;
    }
    rc = deadline_left(calendar, limit, deadline, hold->from, &left);
    if (rc == 0)
        rc = deadline_continue(calendar, rule, limit, left, hold->to, deadline->start, ret);
    return rc;
}

/* The i-th hold as the run sees it: cut at the run's start. False when it ended before. */
static bool run_hold(const struct clock_run *run, size_t i, struct clock_hold *ret)
{
    *ret = run->holds[i];
    if (!wall_is_none(ret->to) && ret->to.us <= run->start.us)
        return false;
    if (ret->from.us < run->start.us)
        ret->from = run->start;
    return true;
}

static int run_check(const struct clock_run *run)
{
    for (size_t i = 0; i < run->hold_count; i++) {
        const struct clock_hold *h = &run->holds[i];

        if (wall_is_none(h->from) || (i > 0 && h->from.us < run->holds[i - 1].to.us))
            return DEADLINE_E_HOLDS;
        if (wall_is_none(h->to) ? i + 1 < run->hold_count : h->to.us < h->from.us)
            return DEADLINE_E_HOLDS;
    }
    return 0;
}

/* The state after every hold that had ended by `until`. */
static int run_replay(const struct calendar *calendar, const struct clock_rule *rule,
                      struct limit limit, const struct clock_run *run, wall_t until,
                      struct deadline *ret)
{
    struct deadline d;
    struct clock_hold hold;
    int rc = run_check(run);

    if (rc == 0)
        rc = deadline_begin(calendar, rule, limit, run->start, &d);
    for (size_t i = 0; rc == 0 && i < run->hold_count; i++) {
        if (!run_hold(run, i, &hold))
            continue;
        if (wall_is_none(hold.to) || hold.to.us > until.us)
            break;
        rc = deadline_release(calendar, rule, limit, &d, &hold, &d);
    }
    if (rc == 0)
        *ret = d;
    return rc;
}

int deadline_replay(const struct calendar *calendar, const struct clock_rule *rule,
                    struct limit limit, const struct clock_run *run, struct deadline *ret)
{
    return run_replay(calendar, rule, limit, run, (wall_t){INT64_MAX}, ret);
}

int deadline_due_run(const struct calendar *calendar, const struct clock_rule *rule,
                     struct limit limit, const struct clock_run *run, wall_t *ret_due)
{
    struct deadline d;
    int rc = deadline_replay(calendar, rule, limit, run, &d);

    if (rc == 0)
        *ret_due = d.due;
    return rc;
}

/* Walks the stretches in which the clock ran, from the last restart until `until`. Adds up their
 * working time; with `ret_at`, stops where `target` of it has run. */
static int run_walk(const struct calendar *calendar, const struct clock_run *run, wall_t until,
                    int64_t target, wall_t *ret_at, int64_t *ret_us)
{
    struct clock_hold hold = {.to = WALL_NONE};
    wall_t from = run->start;
    int64_t sum = 0, us;
    int rc = 0;

    for (size_t i = 0; i <= run->hold_count; i++) {
        bool last = i == run->hold_count || run->holds[i].from.us >= until.us;
        wall_t to = until;

        if (!last) {
            if (!run_hold(run, i, &hold))
                continue;
            to = hold.from;
        }
        rc = calendar_work_between(calendar, from, to, &us);
        if (rc != 0)
            return rc;
        if (ret_at && sum + us >= target)
            return calendar_add_work(calendar, from, target - sum, ret_at);
        sum += us;
        if (last || wall_is_none(hold.to) || hold.to.us > until.us)
            break;
        from = hold.to;
        if (hold.restarts)
            sum = 0;
    }
    if (ret_us)
        *ret_us = sum;
    return 0;
}

int deadline_used(const struct calendar *calendar, const struct clock_rule *rule,
                  struct limit limit, const struct clock_run *run, wall_t now,
                  struct clock_use *ret)
{
    struct clock_use use = {0};
    struct clock_hold hold;
    struct deadline d;
    int64_t left_us = 0, left = 0;
    wall_t at = now;
    int rc = run_replay(calendar, rule, limit, run, now, &d);

    if (rc != 0)
        return rc;
    for (size_t i = 0; i < run->hold_count; i++)
        if (run_hold(run, i, &hold) && hold.from.us <= now.us &&
            (wall_is_none(hold.to) || hold.to.us > now.us))
            at = hold.from;
    if (at.us < run->start.us)
        at = run->start;
    rc = run_walk(calendar, run, at, 0, NULL, &use.work_us);
    if (rc == 0 && limit.unit != LIMIT_NONE)
        rc = calendar_work_between(calendar, at, d.due, &left_us);
    if (rc == 0)
        rc = deadline_left(calendar, limit, &d, at, &left);
    if (rc != 0)
        return rc;
    if (limit.unit != LIMIT_NONE) {
        int64_t total = use.work_us + left_us;

        use.left_us = left_us > 0 ? left_us : 0;
        use.percent = total > 0 ? (int)(use.work_us * 100 / total) : 100;
    }
    if (limit.unit == LIMIT_WORKING_HOURS)
        left = (left + US_PER_HOUR - 1) / US_PER_HOUR;
    if (limit.unit != LIMIT_MONTHS && limit.amount > left)
        use.units = limit.amount - (int)left;
    *ret = use;
    return 0;
}

static int offset_day(const struct calendar *calendar, struct limit offset, int sign, day_t from,
                      day_t *ret)
{
    day_t day;
    bool working;
    int rc;

    if (offset.unit == LIMIT_WORKING_DAYS)
        return calendar_add_days(calendar, from, sign * offset.amount, ret);
    if (offset.unit == LIMIT_MONTHS)
        day = day_add_months(from, sign * offset.amount);
    else
        day = (day_t){from.n + sign * offset.amount};
    rc = calendar_is_working_day(calendar, day, &working);
    if (rc == 0 && !working)
        rc = calendar_add_days(calendar, day, sign, &day);
    if (rc == 0)
        *ret = day;
    return rc;
}

static int offset_point(const struct calendar *calendar, wall_t start, wall_t due,
                        struct warn_at at, wall_t *ret)
{
    int sign = at.kind == WARN_BEFORE ? -1 : 1;
    wall_t point;
    day_t day;
    int rc;

    if (limit_alone(at.offset.unit) || !limit_sound(at.offset))
        return DEADLINE_E_OFFSET;
    if (!covered(calendar, due))
        return CALENDAR_E_BEYOND;
    if (at.offset.unit == LIMIT_WORKING_HOURS) {
        rc = calendar_add_work(calendar, due, sign * at.offset.amount * US_PER_HOUR, &point);
    } else {
        rc = offset_day(calendar, at.offset, sign, day_of(due), &day);
        if (rc == 0)
            rc = calendar_clamp(calendar, day, clock_time(due), &point);
    }
    /* Backwards out of the calendar's first year is before the start, wherever it is. */
    if (sign < 0 && (rc == CALENDAR_E_BEYOND || (rc == 0 && point.us < start.us))) {
        point = start;
        rc = 0;
    }
    if (rc == 0)
        *ret = point;
    return rc;
}

int deadline_point_run(const struct calendar *calendar, const struct clock_run *run, wall_t due,
                       struct warn_at at, wall_t *ret_at)
{
    struct clock_run counted = *run;
    int64_t total;
    int rc = run_check(run);

    if (rc != 0)
        return rc;
    if (wall_is_none(due))
        return DEADLINE_E_OFFSET;
    for (size_t i = 0; i < run->hold_count; i++)
        if (run->holds[i].restarts && run->holds[i].to.us > counted.start.us)
            counted.start = run->holds[i].to;
    if (run->hold_count > 0 && wall_is_none(run->holds[run->hold_count - 1].to))
        counted.hold_count--;
    switch (at.kind) {
    case WARN_DUE:
        *ret_at = due;
        return 0;
    case WARN_PERCENT:
        rc = run_walk(calendar, &counted, due, 0, NULL, &total);
        if (rc != 0)
            return rc;
        return run_walk(calendar, &counted, due, total * at.percent / 100, ret_at, NULL);
    case WARN_BEFORE:
    case WARN_AFTER:
        return offset_point(calendar, counted.start, due, at, ret_at);
    }
    return DEADLINE_E_OFFSET;
}

int deadline_point(const struct calendar *calendar, wall_t start, wall_t due, struct warn_at at,
                   wall_t *ret_at)
{
    struct clock_run run = {.start = start};

    return deadline_point_run(calendar, &run, due, at, ret_at);
}

bool past_due(wall_t due, wall_t now)
{
    return !wall_is_none(due) && now.us > due.us;
}

bool legally_late(wall_t due, wall_t finished)
{
    return !wall_is_none(due) && !wall_is_none(finished) && day_of(finished).n > day_of(due).n;
}
