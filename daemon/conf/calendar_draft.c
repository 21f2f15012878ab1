#include "conf/calendar_draft.h"

#include <string.h>

#include "conf/calendar_json.h"

#define ID_MAX 40
#define TEXT_MAX 500
#define YEAR_FIRST 1990
#define YEAR_LAST 2200

static bool known(const char *const *keys, size_t count, struct slice key)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(key, keys[i]))
            return true;
    return false;
}

static void check_keys(struct calendar_draft *draft, const struct value *map,
                       const char *const *keys, size_t count, const char *what)
{
    struct buf list = BUF_INIT(256);

    for (size_t i = 0; i < count; i++)
        buf_addf(&list, "%s%s", i ? ", " : "", keys[i]);
    for (size_t i = 0; i < map->map.count; i++) {
        const struct value_member *m = &map->map.members[i];

        if (!known(keys, count, m->key))
            DRAFT_FAULT(draft, m, "khoá \"%s\" không có trong %s; các khoá được dùng: %s",
                        m->key.ptr, what, list.ptr);
    }
    buf_release(&list);
}

/* The text of a key, or NULL after a fault or when it is absent and need not be there. */
static const char *text_of(struct calendar_draft *draft, const struct value *map, const char *key,
                           bool required)
{
    const struct value *v = value_get(map, key);

    if (!v) {
        if (required)
            DRAFT_FAULT(draft, map, "thiếu khoá \"%s\"; cần một chuỗi chữ", key);
        return NULL;
    }
    if (v->kind != VALUE_STRING || v->string.len == 0 || v->string.len > TEXT_MAX) {
        DRAFT_FAULT(draft, v,
                    "\"%s\" không phải chuỗi chữ; cần từ 1 đến %d byte, đặt trong ngoặc kép", key,
                    TEXT_MAX);
        return NULL;
    }
    return v->string.ptr;
}

static bool id_sound(struct slice id)
{
    if (id.len == 0 || id.len > ID_MAX || id.ptr[0] < 'a' || id.ptr[0] > 'z')
        return false;
    for (size_t i = 0; i < id.len; i++) {
        char c = id.ptr[i];

        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
            return false;
    }
    return true;
}

static const char *id_of(struct calendar_draft *draft, const char *key, bool required)
{
    const char *id = text_of(draft, draft->root, key, required);

    if (id && !id_sound(slice_str(id))) {
        DRAFT_FAULT(
            draft, value_get(draft->root, key),
            "\"%s\" không phải mã lịch; cần chữ thường a-z, chữ số và dấu '-', bắt đầu bằng chữ, "
            "tối đa %d ký tự",
            id, ID_MAX);
        return NULL;
    }
    return id;
}

static void read_sessions(struct calendar_draft *draft, const struct value *list, bool may_be_empty,
                          struct calendar_hours *ret)
{
    if (list->kind != VALUE_LIST || value_count(list) > CALENDAR_SESSIONS_MAX ||
        (value_count(list) == 0 && !may_be_empty)) {
        DRAFT_FAULT(draft, list,
                    "cần danh sách %s buổi làm việc như [\"07:00-11:30\", \"13:30-17:00\"]",
                    may_be_empty ? "từ 0 đến 4" : "từ 1 đến 4");
        return;
    }
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *v = value_at(list, i);

        if (v->kind != VALUE_STRING ||
            calendar_session_parse(v->string, &ret->sessions[ret->count]) != 0) {
            DRAFT_FAULT(draft, v,
                        "buổi làm việc không đúng dạng; cần \"giờ:phút-giờ:phút\" như "
                        "\"07:00-11:30\", từ 00:00 đến 24:00");
            continue;
        }
        ret->count++;
        if (calendar_hours_check(ret) != 0) {
            ret->count--;
            DRAFT_FAULT(draft, v,
                        "các buổi làm việc phải theo thứ tự thời gian, không chồng nhau, giờ "
                        "đầu trước giờ cuối");
        }
    }
}

static bool read_counted(struct calendar_draft *draft, const struct value *map)
{
    const struct value *v = value_get(map, "counted");

    if (v && v->kind != VALUE_BOOL)
        DRAFT_FAULT(draft, v, "\"counted\" phải là true hoặc false");
    return v == NULL || v->kind != VALUE_BOOL || v->boolean;
}

static struct calendar_hours read_hours(struct calendar_draft *draft, const struct value *v)
{
    static const char *const keys[] = {"sessions", "counted"};
    struct calendar_hours hours = {.counted = true};
    const struct value *list = v;

    if (v->kind == VALUE_MAP) {
        check_keys(draft, v, keys, DVC_COUNT(keys), "giờ làm việc của một thứ");
        hours.counted = read_counted(draft, v);
        list = value_get(v, "sessions");
        if (!list) {
            DRAFT_FAULT(draft, v, "thiếu khoá \"sessions\"; cần danh sách buổi làm việc");
            return hours;
        }
    }
    read_sessions(draft, list, true, &hours);
    return hours;
}

/* "monday" or "monday-friday". */
static bool weekday_run(struct slice key, int *ret_from, int *ret_to)
{
    struct slice rest = key, first, last = SLICE_NULL;

    if (!slice_next(&rest, '-', &first))
        return false;
    *ret_from = calendar_weekday_parse(first);
    *ret_to = slice_next(&rest, '-', &last) ? calendar_weekday_parse(last) : *ret_from;
    return *ret_from > 0 && *ret_to >= *ret_from && !slice_next(&rest, '-', &last);
}

static void read_week(struct calendar_draft *draft)
{
    const struct value *week = value_get(draft->root, "week");
    int from, to;

    if (!week) {
        if (!draft->extends)
            DRAFT_FAULT(draft, draft->root,
                        "thiếu khoá \"week\"; cần giờ làm việc của các thứ trong tuần");
        return;
    }
    if (week->kind != VALUE_MAP || week->map.count == 0) {
        DRAFT_FAULT(draft, week,
                    "\"week\" phải là nhóm khoá, ví dụ monday-friday: [\"07:00-11:30\", "
                    "\"13:30-17:00\"]");
        return;
    }
    for (size_t i = 0; i < week->map.count; i++) {
        const struct value_member *m = &week->map.members[i];
        struct calendar_hours hours;

        if (!weekday_run(m->key, &from, &to)) {
            DRAFT_FAULT(draft, m,
                        "\"%s\" không phải thứ trong tuần; cần monday, tuesday, wednesday, "
                        "thursday, friday, saturday, sunday, hoặc một dải như monday-friday",
                        m->key.ptr);
            continue;
        }
        hours = read_hours(draft, m->value);
        for (int day = from; day <= to; day++) {
            if (draft->week_set[day])
                DRAFT_FAULT(draft, m, "\"%s\" đã có giờ làm việc ở trên",
                            calendar_weekday_name(day));
            draft->week[day] = hours;
            draft->week_set[day] = true;
        }
    }
}

static int read_year(struct calendar_draft *draft, const struct value *years, const char *key)
{
    const struct value *v = value_get(years, key);

    if (!v || v->kind != VALUE_INT || v->integer < YEAR_FIRST || v->integer > YEAR_LAST) {
        DRAFT_FAULT(draft, v ? v : years, "\"years\" cần \"%s\" là một năm từ %d đến %d", key,
                    YEAR_FIRST, YEAR_LAST);
        return 0;
    }
    return (int)v->integer;
}

static void read_years(struct calendar_draft *draft)
{
    static const char *const keys[] = {"from", "to"};
    const struct value *years = value_get(draft->root, "years");

    if (!years) {
        if (!draft->extends)
            DRAFT_FAULT(draft, draft->root,
                        "thiếu khoá \"years\"; cần {from: năm đầu, to: năm cuối}");
        return;
    }
    if (years->kind != VALUE_MAP) {
        DRAFT_FAULT(draft, years, "\"years\" phải có dạng {from: năm đầu, to: năm cuối}");
        return;
    }
    check_keys(draft, years, keys, DVC_COUNT(keys), "\"years\"");
    draft->first_year = read_year(draft, years, "from");
    draft->last_year = read_year(draft, years, "to");
    if (draft->first_year && draft->last_year &&
        (draft->last_year < draft->first_year ||
         draft->last_year - draft->first_year >= CALENDAR_YEARS_MAX))
        DRAFT_FAULT(draft, years, "năm cuối phải từ năm đầu trở đi và lịch dài tối đa %d năm",
                    CALENDAR_YEARS_MAX);
}

/* A key that only one kind of day has: there with that kind, and only with it. */
static const struct value *key_of_kind(struct calendar_draft *draft, const struct value *map,
                                       const char *key, enum calendar_kind kind,
                                       enum calendar_kind wanted)
{
    const struct value *v = value_get(map, key);

    if (v && kind != wanted)
        DRAFT_FAULT(draft, v, "\"%s\" chỉ dùng với kind: %s", key, calendar_kind_name(wanted));
    if (!v && kind == wanted)
        DRAFT_FAULT(draft, map, "ngày kind: %s thiếu khoá \"%s\"", calendar_kind_name(wanted), key);
    return kind == wanted ? v : NULL;
}

static void read_kind(struct calendar_draft *draft, const struct value *map,
                      struct calendar_exception *e)
{
    const struct value *v;

    v = key_of_kind(draft, map, "as", e->kind, CALENDAR_MAKE_UP);
    if (v) {
        e->as_weekday = v->kind == VALUE_STRING ? calendar_weekday_parse(v->string) : 0;
        if (e->as_weekday == 0)
            DRAFT_FAULT(draft, v, "\"as\" phải là thứ mà ngày làm bù theo giờ: monday đến sunday");
    }
    v = key_of_kind(draft, map, "half", e->kind, CALENDAR_HALF_DAY);
    if (v && (v->kind != VALUE_STRING || calendar_half_parse(v->string, &e->half) != 0))
        DRAFT_FAULT(draft, v, "\"half\" phải là morning (sáng) hoặc afternoon (chiều)");
    v = key_of_kind(draft, map, "sessions", e->kind, CALENDAR_OWN);
    if (v)
        read_sessions(draft, v, false, &e->hours);
    v = value_get(map, "counted");
    if (v && e->kind != CALENDAR_OWN)
        DRAFT_FAULT(draft, v, "\"counted\" chỉ dùng với kind: own");
    e->hours.counted = read_counted(draft, map);
}

static bool read_date(struct calendar_draft *draft, const struct value *map, day_t *ret)
{
    const struct value *v = value_get(map, "date");

    if (!v || v->kind != VALUE_STRING || day_parse(v->string, ret) != 0) {
        DRAFT_FAULT(draft, v ? v : map,
                    "mỗi ngày cần \"date\" là một ngày có thật, dạng NĂM-THÁNG-NGÀY "
                    "như 2026-09-02");
        return false;
    }
    for (size_t i = 0; i < draft->day_count; i++) {
        if (draft->days[i].day.n == ret->n) {
            DRAFT_FAULT(draft, v, "ngày %s đã có ở dòng %u; mỗi ngày chỉ ghi một lần",
                        v->string.ptr, draft->day_at[i]->line);
            return false;
        }
    }
    return true;
}

void calendar_draft_add(struct calendar_draft *draft, const struct calendar_exception *e,
                        const struct value *at)
{
    draft->days = arena_grow(draft->arena, draft->days, draft->day_count, &draft->day_cap,
                             sizeof(draft->days[0]));
    draft->day_at = arena_grow(draft->arena, draft->day_at, draft->day_count, &draft->at_cap,
                               sizeof(draft->day_at[0]));
    draft->days[draft->day_count] = *e;
    draft->day_at[draft->day_count++] = at;
}

static void read_day(struct calendar_draft *draft, const struct value *map)
{
    static const char *const keys[] = {"date",    "kind", "as",     "half",     "sessions",
                                       "counted", "note", "source", "certainty"};
    struct calendar_exception e = {.kind = CALENDAR_HOLIDAY};
    const struct value *v;

    if (map->kind != VALUE_MAP) {
        DRAFT_FAULT(draft, map,
                    "mỗi mục của \"days\" phải là một nhóm khoá {date: ..., kind: ..., "
                    "source: ...}");
        return;
    }
    check_keys(draft, map, keys, DVC_COUNT(keys), "một ngày của lịch");
    v = value_get(map, "kind");
    if (!v || v->kind != VALUE_STRING || calendar_kind_parse(v->string, &e.kind) != 0)
        DRAFT_FAULT(draft, v ? v : map,
                    "mỗi ngày cần \"kind\" là holiday (nghỉ), make_up (làm bù), "
                    "half_day (nửa ngày), own (giờ riêng) hoặc closure (đóng cửa)");
    else
        read_kind(draft, map, &e);
    e.source = text_of(draft, map, "source", true);
    e.note = text_of(draft, map, "note", false);
    e.certainty = text_of(draft, map, "certainty", false);
    if (e.certainty && (strlen(e.certainty) != 1 || !strchr("VSCMG", e.certainty[0])))
        DRAFT_FAULT(draft, value_get(map, "certainty"),
                    "\"certainty\" phải là V (văn bản luật), S (báo chí), C (hệ thống đang chạy), "
                    "M (trí nhớ) hoặc G (suy đoán)");
    if (read_date(draft, map, &e.day))
        calendar_draft_add(draft, &e, map);
}

static void read_days(struct calendar_draft *draft)
{
    const struct value *days = value_get(draft->root, "days");

    if (!days)
        return;
    if (days->kind != VALUE_LIST || value_count(days) > CALENDAR_EXCEPTIONS_MAX) {
        DRAFT_FAULT(draft, days, "\"days\" phải là danh sách, tối đa %d ngày",
                    CALENDAR_EXCEPTIONS_MAX);
        return;
    }
    for (size_t i = 0; i < value_count(days); i++)
        read_day(draft, value_at(days, i));
}

void calendar_draft_read(struct calendar_draft *draft)
{
    static const char *const keys[] = {"calendar", "name", "version", "extends",
                                       "years",    "week", "days"};
    const struct value *root = draft->root;

    if (root->kind != VALUE_MAP) {
        DRAFT_FAULT(draft, root,
                    "tệp lịch phải là các khoá calendar, name, version, years, week, days");
        return;
    }
    check_keys(draft, root, keys, DVC_COUNT(keys), "lịch làm việc");
    draft->id = id_of(draft, "calendar", true);
    draft->name = text_of(draft, root, "name", true);
    draft->version = text_of(draft, root, "version", true);
    draft->extends = id_of(draft, "extends", false);
    read_years(draft);
    read_week(draft);
    read_days(draft);
}
