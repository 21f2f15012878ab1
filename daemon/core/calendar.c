#include "core/calendar.h"

#include <stdlib.h>
#include <string.h>

#define YEAR_EARLIEST 1990
#define MINUTES_PER_DAY 1440

/* Day i of the span is first + i. Both sums have count + 1 entries, so the difference of two
 * entries answers any question about the days between, and a binary search turns a sum back into a
 * day. */
struct calendar {
    const char *id, *name, *version;
    int first_year, last_year;
    day_t first;
    int32_t count;
    struct calendar_hours week[8];
    struct calendar_exception *exceptions; /* by day */
    size_t exception_count;
    const struct calendar_hours **hours; /* of each day; shared between equal days */
    int32_t *days_before;                /* working days before day i */
    int32_t *minutes_before;             /* open minutes before day i; 60 years fit in 31 bits */
};

static const struct calendar_hours hours_none = {.count = 0};

static int hours_minutes(const struct calendar_hours *hours)
{
    int minutes = 0;

    for (size_t i = 0; i < hours->count; i++)
        minutes += hours->sessions[i].to - hours->sessions[i].from;
    return minutes;
}

int calendar_hours_check(const struct calendar_hours *hours)
{
    int last = 0;

    if (hours->count > CALENDAR_SESSIONS_MAX)
        return CALENDAR_E_SESSION;
    for (size_t i = 0; i < hours->count; i++) {
        const struct calendar_session *s = &hours->sessions[i];

        if (s->from < last || s->to <= s->from || s->to > MINUTES_PER_DAY)
            return CALENDAR_E_SESSION;
        last = s->to;
    }
    return 0;
}

/* The agency's day may have one session without a break; its half is then half of its minutes. */
static struct calendar_hours hours_half(const struct calendar_hours *whole, enum calendar_half half)
{
    struct calendar_hours ret = {.counted = whole->counted};

    if (whole->count == 1) {
        struct calendar_session s = whole->sessions[0];
        int middle = s.from + (s.to - s.from) / 2;

        ret.count = 1;
        if (half == CALENDAR_MORNING)
            ret.sessions[0] = (struct calendar_session){s.from, middle};
        else
            ret.sessions[0] = (struct calendar_session){middle, s.to};
        return ret;
    }
    if (half == CALENDAR_MORNING) {
        ret.count = 1;
        ret.sessions[0] = whole->sessions[0];
        return ret;
    }
    for (size_t i = 1; i < whole->count; i++)
        ret.sessions[ret.count++] = whole->sessions[i];
    return ret;
}

static bool exception_sound(const struct calendar *calendar, const struct calendar_exception *e)
{
    const struct calendar_hours *regular;

    if (day_is_none(e->day) || !calendar_covers(calendar, e->day))
        return false;
    regular = &calendar->week[day_weekday(e->day)];
    switch (e->kind) {
    case CALENDAR_REGULAR:
        return false;
    case CALENDAR_HOLIDAY:
    case CALENDAR_CLOSURE:
        return true;
    case CALENDAR_MAKE_UP:
        return e->as_weekday >= 1 && e->as_weekday <= 7 && calendar->week[e->as_weekday].count > 0;
    case CALENDAR_HALF_DAY:
        return regular->count > 0 && hours_minutes(regular) > 1;
    case CALENDAR_OWN:
        return e->hours.count > 0 && calendar_hours_check(&e->hours) == 0;
    }
    return false;
}

static int exception_order(const void *a, const void *b)
{
    int32_t x = ((const struct calendar_exception *)a)->day.n;
    int32_t y = ((const struct calendar_exception *)b)->day.n;

    return (x > y) - (x < y);
}

static int exceptions_copy(struct arena *arena, const struct calendar_spec *spec,
                           struct calendar *calendar, size_t *ret_bad)
{
    size_t count = spec->exception_count;
    struct calendar_exception *list;
    size_t bad = 0;

    if (count > CALENDAR_EXCEPTIONS_MAX)
        return CALENDAR_E_EXCEPTION;
    list = ARENA_ARRAY(arena, struct calendar_exception, count + 1);
    for (size_t i = 0; i < count; i++) {
        list[i] = spec->exceptions[i];
        if (!exception_sound(calendar, &list[i])) {
            bad = i;
            goto refuse;
        }
        list[i].source = arena_str(arena, list[i].source);
        list[i].note = arena_str(arena, list[i].note);
        list[i].certainty = arena_str(arena, list[i].certainty);
    }
    qsort(list, count, sizeof(list[0]), exception_order);
    for (size_t i = 1; i < count; i++) {
        if (list[i].day.n != list[i - 1].day.n)
            continue;
        for (size_t j = 0; j < count; j++)
            if (spec->exceptions[j].day.n == list[i].day.n)
                bad = j; /* the last of the two in the order given */
        goto refuse;
    }
    calendar->exceptions = list;
    calendar->exception_count = count;
    return 0;
refuse:
    if (ret_bad)
        *ret_bad = bad;
    return CALENDAR_E_EXCEPTION;
}

static const struct calendar_hours *exception_hours(struct arena *arena,
                                                    const struct calendar *calendar,
                                                    const struct calendar_exception *e)
{
    struct calendar_hours *half;

    switch (e->kind) {
    case CALENDAR_MAKE_UP:
        return &calendar->week[e->as_weekday];
    case CALENDAR_OWN:
        return &e->hours;
    case CALENDAR_HALF_DAY:
        half = ARENA_NEW(arena, struct calendar_hours);
        *half = hours_half(&calendar->week[day_weekday(e->day)], e->half);
        return half;
    case CALENDAR_HOLIDAY:
    case CALENDAR_CLOSURE:
    case CALENDAR_REGULAR:
        break;
    }
    return &hours_none;
}

static void sums_fill(struct arena *arena, struct calendar *calendar)
{
    size_t next = 0;

    for (int32_t i = 0; i < calendar->count; i++) {
        day_t day = {calendar->first.n + i};
        const struct calendar_hours *hours = &calendar->week[day_weekday(day)];

        if (next < calendar->exception_count && calendar->exceptions[next].day.n == day.n)
            hours = exception_hours(arena, calendar, &calendar->exceptions[next++]);
        calendar->hours[i] = hours;
        calendar->days_before[i + 1] =
            calendar->days_before[i] + (hours->count > 0 && hours->counted ? 1 : 0);
        calendar->minutes_before[i + 1] = calendar->minutes_before[i] + hours_minutes(hours);
    }
}

int calendar_new(struct arena *arena, const struct calendar_spec *spec, struct calendar **ret,
                 size_t *ret_bad)
{
    struct calendar *calendar;
    size_t sums;
    int rc;

    if (spec->first_year < YEAR_EARLIEST || spec->last_year < spec->first_year ||
        spec->last_year - spec->first_year >= CALENDAR_YEARS_MAX)
        return CALENDAR_E_YEARS;
    calendar = ARENA_NEW(arena, struct calendar);
    calendar->first_year = spec->first_year;
    calendar->last_year = spec->last_year;
    calendar->first = day_from_ymd(spec->first_year, 1, 1);
    calendar->count = day_from_ymd(spec->last_year, 12, 31).n - calendar->first.n + 1;
    for (int weekday = 1; weekday <= 7; weekday++) {
        rc = calendar_hours_check(&spec->week[weekday]);
        if (rc != 0)
            return rc;
        calendar->week[weekday] = spec->week[weekday];
    }
    rc = exceptions_copy(arena, spec, calendar, ret_bad);
    if (rc != 0)
        return rc;
    sums = (size_t)calendar->count + 1;
    calendar->hours = ARENA_ARRAY(arena, const struct calendar_hours *, sums);
    calendar->days_before = ARENA_ARRAY(arena, int32_t, sums);
    calendar->minutes_before = ARENA_ARRAY(arena, int32_t, sums);
    sums_fill(arena, calendar);
    if (calendar->days_before[calendar->count] == 0)
        return CALENDAR_E_EMPTY;
    calendar->id = arena_str(arena, spec->id);
    calendar->name = arena_str(arena, spec->name);
    calendar->version = arena_str(arena, spec->version);
    *ret = calendar;
    return 0;
}

const char *calendar_id(const struct calendar *calendar)
{
    return calendar->id;
}

const char *calendar_name(const struct calendar *calendar)
{
    return calendar->name;
}

const char *calendar_version(const struct calendar *calendar)
{
    return calendar->version;
}

int calendar_first_year(const struct calendar *calendar)
{
    return calendar->first_year;
}

int calendar_last_year(const struct calendar *calendar)
{
    return calendar->last_year;
}

const struct calendar_hours *calendar_week(const struct calendar *calendar, int weekday)
{
    return weekday >= 1 && weekday <= 7 ? &calendar->week[weekday] : &hours_none;
}

const struct calendar_exception *calendar_exceptions(const struct calendar *calendar,
                                                     size_t *ret_count)
{
    *ret_count = calendar->exception_count;
    return calendar->exceptions;
}

bool calendar_covers(const struct calendar *calendar, day_t day)
{
    return day.n >= calendar->first.n && day.n - calendar->first.n < calendar->count;
}

/* Checked on the number itself: day_of() of a moment that is far outside has no day to give. */
static bool covers_moment(const struct calendar *calendar, wall_t at)
{
    return at.us >= day_at(calendar->first, 0).us &&
           at.us < day_at((day_t){calendar->first.n + calendar->count}, 0).us;
}

static const struct calendar_exception *exception_find(const struct calendar *calendar, day_t day)
{
    struct calendar_exception key = {.day = day};

    if (calendar->exception_count == 0)
        return NULL;
    return bsearch(&key, calendar->exceptions, calendar->exception_count, sizeof(key),
                   exception_order);
}

int calendar_look(const struct calendar *calendar, day_t day, struct calendar_day *ret)
{
    const struct calendar_exception *e;
    int32_t i;

    if (!calendar_covers(calendar, day))
        return CALENDAR_E_BEYOND;
    i = day.n - calendar->first.n;
    e = exception_find(calendar, day);
    *ret = (struct calendar_day){
        .day = day,
        .weekday = day_weekday(day),
        .kind = e ? e->kind : CALENDAR_REGULAR,
        .working = calendar->days_before[i + 1] > calendar->days_before[i],
        .minutes = calendar->minutes_before[i + 1] - calendar->minutes_before[i],
        .hours = calendar->hours[i],
        .source = e ? e->source : NULL,
        .note = e ? e->note : NULL,
        .certainty = e ? e->certainty : NULL,
    };
    return 0;
}

int calendar_is_working_day(const struct calendar *calendar, day_t day, bool *ret)
{
    int32_t i;

    if (!calendar_covers(calendar, day))
        return CALENDAR_E_BEYOND;
    i = day.n - calendar->first.n;
    *ret = calendar->days_before[i + 1] > calendar->days_before[i];
    return 0;
}

int calendar_day_minutes(const struct calendar *calendar, day_t day, int *ret)
{
    int32_t i;

    if (!calendar_covers(calendar, day))
        return CALENDAR_E_BEYOND;
    i = day.n - calendar->first.n;
    *ret = calendar->minutes_before[i + 1] - calendar->minutes_before[i];
    return 0;
}

/* The last i in [0, count] with sums[i] * unit < value (or <= value when `equal`); sums[0] is 0 and
 * the caller sees to it that at least that one qualifies. */
static int32_t sums_last_below(const int32_t *sums, int32_t count, int64_t unit, int64_t value,
                               bool equal)
{
    int32_t low = 0, high = count;

    while (low < high) {
        int32_t middle = low + (high - low + 1) / 2;
        int64_t sum = sums[middle] * unit;

        if (sum < value || (equal && sum == value))
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

int calendar_add_days(const struct calendar *calendar, day_t day, int count, day_t *ret)
{
    int64_t rank;
    int32_t i;

    if (!calendar_covers(calendar, day))
        return CALENDAR_E_BEYOND;
    i = day.n - calendar->first.n;
    if (count > 0)
        rank = (int64_t)calendar->days_before[i + 1] + count;
    else
        rank = (int64_t)calendar->days_before[i] + count + 1;
    if (rank < 1 || rank > calendar->days_before[calendar->count])
        return CALENDAR_E_BEYOND;
    i = sums_last_below(calendar->days_before, calendar->count, 1, rank, false);
    *ret = (day_t){calendar->first.n + i};
    return 0;
}

int calendar_next_working_day(const struct calendar *calendar, day_t day, day_t *ret)
{
    return calendar_add_days(calendar, day, 0, ret);
}

int calendar_days_between(const struct calendar *calendar, day_t from, day_t to, int *ret)
{
    if (!calendar_covers(calendar, from) || !calendar_covers(calendar, to))
        return CALENDAR_E_BEYOND;
    *ret = calendar->days_before[to.n - calendar->first.n + 1] -
           calendar->days_before[from.n - calendar->first.n + 1];
    return 0;
}

/* Open time between the start of the span and `at`, which the span must cover. */
static int64_t work_before(const struct calendar *calendar, wall_t at)
{
    day_t day = day_of(at);
    int32_t i = day.n - calendar->first.n;
    const struct calendar_hours *hours = calendar->hours[i];
    int64_t into = at.us - day_at(day, 0).us;
    int64_t us = calendar->minutes_before[i] * US_PER_MINUTE;

    for (size_t s = 0; s < hours->count; s++) {
        int64_t from = hours->sessions[s].from * US_PER_MINUTE;
        int64_t to = hours->sessions[s].to * US_PER_MINUTE;

        if (into <= from)
            break;
        us += (into < to ? into : to) - from;
    }
    return us;
}

/* The moment with `us` of open time before it. Between two sessions there are many such moments:
 * `late` gives the opening that ends the break, otherwise the closing that began it. */
static int work_moment(const struct calendar *calendar, int64_t us, bool late, wall_t *ret)
{
    int64_t total = calendar->minutes_before[calendar->count] * US_PER_MINUTE;
    const struct calendar_hours *hours;
    int32_t i;

    if (us < 0 || us > total || (late ? us == total : us == 0))
        return CALENDAR_E_BEYOND;
    i = sums_last_below(calendar->minutes_before, calendar->count, US_PER_MINUTE, us, late);
    hours = calendar->hours[i];
    us -= calendar->minutes_before[i] * US_PER_MINUTE;
    for (size_t s = 0;; s++) {
        int64_t from, length;

        DVC_REQUIRE(s < hours->count); /* the sums say that this day holds the moment */
        from = hours->sessions[s].from * US_PER_MINUTE;
        length = hours->sessions[s].to * US_PER_MINUTE - from;
        if (us < length || (!late && us == length)) {
            ret->us = day_at((day_t){calendar->first.n + i}, 0).us + from + us;
            return 0;
        }
        us -= length;
    }
}

int calendar_add_work(const struct calendar *calendar, wall_t at, int64_t us, wall_t *ret)
{
    int64_t total = calendar->minutes_before[calendar->count] * US_PER_MINUTE;

    if (!covers_moment(calendar, at) || us > total || us < -total)
        return CALENDAR_E_BEYOND;
    return work_moment(calendar, work_before(calendar, at) + us, us <= 0, ret);
}

int calendar_add_minutes(const struct calendar *calendar, wall_t at, int64_t minutes, wall_t *ret)
{
    if (minutes > INT32_MAX || minutes < -INT32_MAX)
        return CALENDAR_E_BEYOND;
    return calendar_add_work(calendar, at, minutes * US_PER_MINUTE, ret);
}

int calendar_work_between(const struct calendar *calendar, wall_t from, wall_t to, int64_t *ret_us)
{
    if (!covers_moment(calendar, from) || !covers_moment(calendar, to))
        return CALENDAR_E_BEYOND;
    *ret_us = work_before(calendar, to) - work_before(calendar, from);
    return 0;
}

int calendar_minutes_between(const struct calendar *calendar, wall_t from, wall_t to, int64_t *ret)
{
    int64_t us;
    int rc = calendar_work_between(calendar, from, to, &us);

    if (rc == 0)
        *ret = us / US_PER_MINUTE;
    return rc;
}

int calendar_next_opening(const struct calendar *calendar, wall_t at, wall_t *ret)
{
    return calendar_add_work(calendar, at, 0, ret);
}

int calendar_first_opening(const struct calendar *calendar, day_t day, wall_t *ret)
{
    return calendar_clamp(calendar, day, 0, ret);
}

int calendar_last_closing(const struct calendar *calendar, day_t day, wall_t *ret)
{
    return calendar_clamp(calendar, day, US_PER_DAY, ret);
}

int calendar_clamp(const struct calendar *calendar, day_t day, int64_t us_of_day, wall_t *ret)
{
    const struct calendar_hours *hours;
    int64_t midnight, to = 0;

    if (!calendar_covers(calendar, day))
        return CALENDAR_E_BEYOND;
    hours = calendar->hours[day.n - calendar->first.n];
    if (hours->count == 0)
        return CALENDAR_E_CLOSED;
    midnight = day_at(day, 0).us;
    for (size_t s = 0; s < hours->count; s++) {
        int64_t from = hours->sessions[s].from * US_PER_MINUTE;

        to = hours->sessions[s].to * US_PER_MINUTE;
        if (us_of_day < from)
            us_of_day = from;
        if (us_of_day < to)
            break;
    }
    ret->us = midnight + (us_of_day < to ? us_of_day : to);
    return 0;
}
