#include "conf/calendar_json.h"

#include "base/num.h"

#include <errno.h>

#define FORMAT 1

static const char *const kind_names[] = {
    [CALENDAR_REGULAR] = "regular", [CALENDAR_HOLIDAY] = "holiday",
    [CALENDAR_MAKE_UP] = "make_up", [CALENDAR_HALF_DAY] = "half_day",
    [CALENDAR_OWN] = "own",         [CALENDAR_CLOSURE] = "closure",
};
static const char *const half_names[] = {
    [CALENDAR_MORNING] = "morning",
    [CALENDAR_AFTERNOON] = "afternoon",
};
static const char *const weekday_names[] = {
    "", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
};

const char *calendar_kind_name(enum calendar_kind kind)
{
    return kind_names[kind];
}

int calendar_kind_parse(struct slice text, enum calendar_kind *ret)
{
    for (size_t i = CALENDAR_REGULAR + 1; i < DVC_COUNT(kind_names); i++) {
        if (slice_is(text, kind_names[i])) {
            *ret = (enum calendar_kind)i;
            return 0;
        }
    }
    return -EINVAL;
}

const char *calendar_half_name(enum calendar_half half)
{
    return half_names[half];
}

int calendar_half_parse(struct slice text, enum calendar_half *ret)
{
    for (size_t i = 0; i < DVC_COUNT(half_names); i++) {
        if (slice_is(text, half_names[i])) {
            *ret = (enum calendar_half)i;
            return 0;
        }
    }
    return -EINVAL;
}

const char *calendar_weekday_name(int weekday)
{
    return weekday >= 1 && weekday <= 7 ? weekday_names[weekday] : "";
}

int calendar_weekday_parse(struct slice text)
{
    for (int i = 1; i <= 7; i++)
        if (slice_is(text, weekday_names[i]))
            return i;
    return 0;
}

static int minute_parse(struct slice text, int *ret)
{
    int64_t hour, minute;

    if (text.len != 5 || text.ptr[2] != ':' ||
        num_parse_i64(slice_sub(text, 0, 2), 0, 24, &hour) != 0 ||
        num_parse_i64(slice_sub(text, 3, 2), 0, 59, &minute) != 0 || hour * 60 + minute > 24 * 60)
        return -EINVAL;
    *ret = (int)(hour * 60 + minute);
    return 0;
}

int calendar_session_parse(struct slice text, struct calendar_session *ret)
{
    struct calendar_session session;
    ptrdiff_t dash;

    text = slice_trim(text);
    dash = slice_find(text, '-', 0);
    if (dash < 0 || minute_parse(slice_trim(slice_sub(text, 0, (size_t)dash)), &session.from) ||
        minute_parse(slice_trim(slice_sub(text, (size_t)dash + 1, text.len)), &session.to))
        return -EINVAL;
    *ret = session;
    return 0;
}

void calendar_session_write(struct buf *buf, struct calendar_session session)
{
    buf_addf(buf, "%02d:%02d-%02d:%02d", session.from / 60, session.from % 60, session.to / 60,
             session.to % 60);
}

static struct value *hours_value(struct arena *arena, const struct calendar_hours *hours)
{
    struct value *map = value_new(arena, VALUE_MAP);
    struct value *list = value_new(arena, VALUE_LIST);

    for (size_t i = 0; i < hours->count; i++) {
        struct buf text = BUF_INIT(32);

        calendar_session_write(&text, hours->sessions[i]);
        value_append(arena, list, value_string(arena, buf_slice(&text)));
        buf_release(&text);
    }
    value_set(arena, map, "sessions", list);
    value_set(arena, map, "counted", value_bool(arena, hours->counted));
    return map;
}

static void set_text(struct arena *arena, struct value *map, const char *key, const char *text)
{
    if (text)
        value_set(arena, map, key, value_string(arena, slice_str(text)));
}

static struct value *exception_value(struct arena *arena, const struct calendar_exception *e)
{
    struct value *map = value_new(arena, VALUE_MAP);
    struct buf date = BUF_INIT(32);

    buf_add_day(&date, e->day);
    value_set(arena, map, "date", value_string(arena, buf_slice(&date)));
    buf_release(&date);
    set_text(arena, map, "kind", calendar_kind_name(e->kind));
    if (e->kind == CALENDAR_MAKE_UP)
        set_text(arena, map, "as", calendar_weekday_name(e->as_weekday));
    if (e->kind == CALENDAR_HALF_DAY)
        set_text(arena, map, "half", calendar_half_name(e->half));
    if (e->kind == CALENDAR_OWN)
        value_set(arena, map, "hours", hours_value(arena, &e->hours));
    set_text(arena, map, "source", e->source);
    set_text(arena, map, "note", e->note);
    set_text(arena, map, "certainty", e->certainty);
    return map;
}

void calendar_write(struct buf *buf, const struct calendar *calendar)
{
    DVC_CLEANUP(arena_freep) struct arena *arena = arena_new();
    struct value *root = value_new(arena, VALUE_MAP);
    struct value *week = value_new(arena, VALUE_MAP);
    struct value *days = value_new(arena, VALUE_LIST);
    size_t count;
    const struct calendar_exception *list = calendar_exceptions(calendar, &count);

    value_set(arena, root, "format", value_int(arena, FORMAT));
    set_text(arena, root, "calendar", calendar_id(calendar));
    set_text(arena, root, "name", calendar_name(calendar));
    set_text(arena, root, "version", calendar_version(calendar));
    value_set(arena, root, "first_year", value_int(arena, calendar_first_year(calendar)));
    value_set(arena, root, "last_year", value_int(arena, calendar_last_year(calendar)));
    for (int i = 1; i <= 7; i++)
        value_set(arena, week, calendar_weekday_name(i),
                  hours_value(arena, calendar_week(calendar, i)));
    value_set(arena, root, "week", week);
    for (size_t i = 0; i < count; i++)
        value_append(arena, days, exception_value(arena, &list[i]));
    value_set(arena, root, "days", days);
    value_write(buf, root, true);
}

static bool kind_is(const struct value *value, enum value_kind kind)
{
    return value && value->kind == kind;
}

static int hours_read(const struct value *map, struct calendar_hours *ret)
{
    const struct value *list, *counted;

    if (!kind_is(map, VALUE_MAP))
        return -EINVAL;
    list = value_get(map, "sessions");
    counted = value_get(map, "counted");
    if (!kind_is(list, VALUE_LIST) || !kind_is(counted, VALUE_BOOL) ||
        value_count(list) > CALENDAR_SESSIONS_MAX)
        return -EINVAL;
    *ret = (struct calendar_hours){.count = value_count(list), .counted = counted->boolean};
    for (size_t i = 0; i < ret->count; i++) {
        const struct value *item = value_at(list, i);

        if (!kind_is(item, VALUE_STRING) ||
            calendar_session_parse(item->string, &ret->sessions[i]) != 0)
            return -EINVAL;
    }
    return 0;
}

static int exception_read(const struct value *map, struct calendar_exception *ret)
{
    if (!kind_is(map, VALUE_MAP) || day_parse(value_get_text(map, "date"), &ret->day) != 0 ||
        calendar_kind_parse(value_get_text(map, "kind"), &ret->kind) != 0)
        return -EINVAL;
    if (ret->kind == CALENDAR_MAKE_UP)
        ret->as_weekday = calendar_weekday_parse(value_get_text(map, "as"));
    if (ret->kind == CALENDAR_HALF_DAY &&
        calendar_half_parse(value_get_text(map, "half"), &ret->half) != 0)
        return -EINVAL;
    if (ret->kind == CALENDAR_OWN && hours_read(value_get(map, "hours"), &ret->hours) != 0)
        return -EINVAL;
    ret->source = value_get_str(map, "source");
    ret->note = value_get_str(map, "note");
    ret->certainty = value_get_str(map, "certainty");
    return 0;
}

static int year_read(const struct value *root, const char *key)
{
    int64_t year = value_get_int(root, key, 0);

    return year > 0 && year < 10000 ? (int)year : 0;
}

int calendar_read(struct arena *arena, const struct value *root, struct calendar **ret)
{
    const struct value *week = value_get(root, "week"), *days = value_get(root, "days");
    struct calendar_spec spec = {
        .id = value_get_str(root, "calendar"),
        .name = value_get_str(root, "name"),
        .version = value_get_str(root, "version"),
        .first_year = year_read(root, "first_year"),
        .last_year = year_read(root, "last_year"),
    };
    struct calendar_exception *list;
    size_t count = value_count(days);

    if (!kind_is(root, VALUE_MAP) || value_get_int(root, "format", 0) != FORMAT || !spec.id ||
        !spec.name || !spec.version || !kind_is(week, VALUE_MAP) || !kind_is(days, VALUE_LIST) ||
        count > CALENDAR_EXCEPTIONS_MAX)
        return -EINVAL;
    for (int i = 1; i <= 7; i++)
        if (hours_read(value_get(week, calendar_weekday_name(i)), &spec.week[i]) != 0)
            return -EINVAL;
    list = ARENA_ARRAY(arena, struct calendar_exception, count + 1);
    for (size_t i = 0; i < count; i++)
        if (exception_read(value_at(days, i), &list[i]) != 0)
            return -EINVAL;
    spec.exceptions = list;
    spec.exception_count = count;
    return calendar_new(arena, &spec, ret, NULL);
}
