#include "conf/calendar_load.h"

#include <stdlib.h>
#include <string.h>

#include "conf/calendar_json.h"
#include "conf/file.h"
#include "conf/yaml.h"

#define ID_MAX 40
#define TEXT_MAX 500
#define YEAR_FIRST 1990
#define YEAR_LAST 2200

enum draft_state {
    DRAFT_READ,     /* its own file is read, what it extends is not yet taken over */
    DRAFT_VISITING, /* being resolved: meeting it again is a circle */
    DRAFT_DONE,     /* `calendar` is built */
    DRAFT_BAD,      /* a fault was reported, here or in what it extends */
};

struct draft {
    struct arena *arena;
    struct conf_errors *errors;
    const char *file;
    const struct value *root;
    enum draft_state state;
    const char *id, *name, *version, *extends;
    int first_year, last_year; /* 0: not given */
    struct calendar_hours week[8];
    bool week_set[8];
    struct calendar_exception *days; /* after the draft's own come the inherited ones */
    const struct value **day_at;     /* where each stands; NULL for an inherited one */
    size_t day_count, day_cap, at_cap;
    struct calendar *calendar;
};

struct calendar_set {
    struct calendar **items; /* by id */
    size_t count;
};

#define FAULT(draft, at, ...)                                                                      \
    ((draft)->state = DRAFT_BAD,                                                                   \
     conf_error((draft)->errors, (draft)->file, (at)->line, (at)->column, __VA_ARGS__))

static bool known(const char *const *keys, size_t count, struct slice key)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(key, keys[i]))
            return true;
    return false;
}

static void check_keys(struct draft *draft, const struct value *map, const char *const *keys,
                       size_t count, const char *what)
{
    struct buf list = BUF_INIT(256);

    for (size_t i = 0; i < count; i++)
        buf_addf(&list, "%s%s", i ? ", " : "", keys[i]);
    for (size_t i = 0; i < map->map.count; i++) {
        const struct value_member *m = &map->map.members[i];

        if (!known(keys, count, m->key))
            FAULT(draft, m, "khoá \"%s\" không có trong %s; các khoá được dùng: %s", m->key.ptr,
                  what, list.ptr);
    }
    buf_release(&list);
}

/* The text of a key, or NULL after a fault or when it is absent and need not be there. */
static const char *text_of(struct draft *draft, const struct value *map, const char *key,
                           bool required)
{
    const struct value *v = value_get(map, key);

    if (!v) {
        if (required)
            FAULT(draft, map, "thiếu khoá \"%s\"; cần một chuỗi chữ", key);
        return NULL;
    }
    if (v->kind != VALUE_STRING || v->string.len == 0 || v->string.len > TEXT_MAX) {
        FAULT(draft, v, "\"%s\" không phải chuỗi chữ; cần từ 1 đến %d byte, đặt trong ngoặc kép",
              key, TEXT_MAX);
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

static const char *id_of(struct draft *draft, const char *key, bool required)
{
    const char *id = text_of(draft, draft->root, key, required);

    if (id && !id_sound(slice_str(id))) {
        FAULT(draft, value_get(draft->root, key),
              "\"%s\" không phải mã lịch; cần chữ thường a-z, chữ số và dấu '-', bắt đầu bằng chữ, "
              "tối đa %d ký tự",
              id, ID_MAX);
        return NULL;
    }
    return id;
}

static void read_sessions(struct draft *draft, const struct value *list, bool may_be_empty,
                          struct calendar_hours *ret)
{
    if (list->kind != VALUE_LIST || value_count(list) > CALENDAR_SESSIONS_MAX ||
        (value_count(list) == 0 && !may_be_empty)) {
        FAULT(draft, list, "cần danh sách %s buổi làm việc như [\"07:00-11:30\", \"13:30-17:00\"]",
              may_be_empty ? "từ 0 đến 4" : "từ 1 đến 4");
        return;
    }
    for (size_t i = 0; i < value_count(list); i++) {
        const struct value *v = value_at(list, i);

        if (v->kind != VALUE_STRING ||
            calendar_session_parse(v->string, &ret->sessions[ret->count]) != 0) {
            FAULT(draft, v,
                  "buổi làm việc không đúng dạng; cần \"giờ:phút-giờ:phút\" như "
                  "\"07:00-11:30\", từ 00:00 đến 24:00");
            continue;
        }
        ret->count++;
        if (calendar_hours_check(ret) != 0) {
            ret->count--;
            FAULT(draft, v,
                  "các buổi làm việc phải theo thứ tự thời gian, không chồng nhau, giờ "
                  "đầu trước giờ cuối");
        }
    }
}

static bool read_counted(struct draft *draft, const struct value *map)
{
    const struct value *v = value_get(map, "counted");

    if (v && v->kind != VALUE_BOOL)
        FAULT(draft, v, "\"counted\" phải là true hoặc false");
    return v == NULL || v->kind != VALUE_BOOL || v->boolean;
}

static struct calendar_hours read_hours(struct draft *draft, const struct value *v)
{
    static const char *const keys[] = {"sessions", "counted"};
    struct calendar_hours hours = {.counted = true};
    const struct value *list = v;

    if (v->kind == VALUE_MAP) {
        check_keys(draft, v, keys, DVC_COUNT(keys), "giờ làm việc của một thứ");
        hours.counted = read_counted(draft, v);
        list = value_get(v, "sessions");
        if (!list) {
            FAULT(draft, v, "thiếu khoá \"sessions\"; cần danh sách buổi làm việc");
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

static void read_week(struct draft *draft)
{
    const struct value *week = value_get(draft->root, "week");
    int from, to;

    if (!week) {
        if (!draft->extends)
            FAULT(draft, draft->root,
                  "thiếu khoá \"week\"; cần giờ làm việc của các thứ trong tuần");
        return;
    }
    if (week->kind != VALUE_MAP || week->map.count == 0) {
        FAULT(draft, week,
              "\"week\" phải là nhóm khoá, ví dụ monday-friday: [\"07:00-11:30\", "
              "\"13:30-17:00\"]");
        return;
    }
    for (size_t i = 0; i < week->map.count; i++) {
        const struct value_member *m = &week->map.members[i];
        struct calendar_hours hours;

        if (!weekday_run(m->key, &from, &to)) {
            FAULT(draft, m,
                  "\"%s\" không phải thứ trong tuần; cần monday, tuesday, wednesday, "
                  "thursday, friday, saturday, sunday, hoặc một dải như monday-friday",
                  m->key.ptr);
            continue;
        }
        hours = read_hours(draft, m->value);
        for (int day = from; day <= to; day++) {
            if (draft->week_set[day])
                FAULT(draft, m, "\"%s\" đã có giờ làm việc ở trên", calendar_weekday_name(day));
            draft->week[day] = hours;
            draft->week_set[day] = true;
        }
    }
}

static int read_year(struct draft *draft, const struct value *years, const char *key)
{
    const struct value *v = value_get(years, key);

    if (!v || v->kind != VALUE_INT || v->integer < YEAR_FIRST || v->integer > YEAR_LAST) {
        FAULT(draft, v ? v : years, "\"years\" cần \"%s\" là một năm từ %d đến %d", key, YEAR_FIRST,
              YEAR_LAST);
        return 0;
    }
    return (int)v->integer;
}

static void read_years(struct draft *draft)
{
    static const char *const keys[] = {"from", "to"};
    const struct value *years = value_get(draft->root, "years");

    if (!years) {
        if (!draft->extends)
            FAULT(draft, draft->root, "thiếu khoá \"years\"; cần {from: năm đầu, to: năm cuối}");
        return;
    }
    if (years->kind != VALUE_MAP) {
        FAULT(draft, years, "\"years\" phải có dạng {from: năm đầu, to: năm cuối}");
        return;
    }
    check_keys(draft, years, keys, DVC_COUNT(keys), "\"years\"");
    draft->first_year = read_year(draft, years, "from");
    draft->last_year = read_year(draft, years, "to");
    if (draft->first_year && draft->last_year &&
        (draft->last_year < draft->first_year ||
         draft->last_year - draft->first_year >= CALENDAR_YEARS_MAX))
        FAULT(draft, years, "năm cuối phải từ năm đầu trở đi và lịch dài tối đa %d năm",
              CALENDAR_YEARS_MAX);
}

/* A key that only one kind of day has: there with that kind, and only with it. */
static const struct value *key_of_kind(struct draft *draft, const struct value *map,
                                       const char *key, enum calendar_kind kind,
                                       enum calendar_kind wanted)
{
    const struct value *v = value_get(map, key);

    if (v && kind != wanted)
        FAULT(draft, v, "\"%s\" chỉ dùng với kind: %s", key, calendar_kind_name(wanted));
    if (!v && kind == wanted)
        FAULT(draft, map, "ngày kind: %s thiếu khoá \"%s\"", calendar_kind_name(wanted), key);
    return kind == wanted ? v : NULL;
}

static void read_kind(struct draft *draft, const struct value *map, struct calendar_exception *e)
{
    const struct value *v;

    v = key_of_kind(draft, map, "as", e->kind, CALENDAR_MAKE_UP);
    if (v) {
        e->as_weekday = v->kind == VALUE_STRING ? calendar_weekday_parse(v->string) : 0;
        if (e->as_weekday == 0)
            FAULT(draft, v, "\"as\" phải là thứ mà ngày làm bù theo giờ: monday đến sunday");
    }
    v = key_of_kind(draft, map, "half", e->kind, CALENDAR_HALF_DAY);
    if (v && (v->kind != VALUE_STRING || calendar_half_parse(v->string, &e->half) != 0))
        FAULT(draft, v, "\"half\" phải là morning (sáng) hoặc afternoon (chiều)");
    v = key_of_kind(draft, map, "sessions", e->kind, CALENDAR_OWN);
    if (v)
        read_sessions(draft, v, false, &e->hours);
    v = value_get(map, "counted");
    if (v && e->kind != CALENDAR_OWN)
        FAULT(draft, v, "\"counted\" chỉ dùng với kind: own");
    e->hours.counted = read_counted(draft, map);
}

static bool read_date(struct draft *draft, const struct value *map, day_t *ret)
{
    const struct value *v = value_get(map, "date");

    if (!v || v->kind != VALUE_STRING || day_parse(v->string, ret) != 0) {
        FAULT(draft, v ? v : map,
              "mỗi ngày cần \"date\" là một ngày có thật, dạng NĂM-THÁNG-NGÀY "
              "như 2026-09-02");
        return false;
    }
    for (size_t i = 0; i < draft->day_count; i++) {
        if (draft->days[i].day.n == ret->n) {
            FAULT(draft, v, "ngày %s đã có ở dòng %u; mỗi ngày chỉ ghi một lần", v->string.ptr,
                  draft->day_at[i]->line);
            return false;
        }
    }
    return true;
}

static void add_day(struct draft *draft, const struct calendar_exception *e, const struct value *at)
{
    draft->days = arena_grow(draft->arena, draft->days, draft->day_count, &draft->day_cap,
                             sizeof(draft->days[0]));
    draft->day_at = arena_grow(draft->arena, draft->day_at, draft->day_count, &draft->at_cap,
                               sizeof(draft->day_at[0]));
    draft->days[draft->day_count] = *e;
    draft->day_at[draft->day_count++] = at;
}

static void read_day(struct draft *draft, const struct value *map)
{
    static const char *const keys[] = {"date",    "kind", "as",     "half",     "sessions",
                                       "counted", "note", "source", "certainty"};
    struct calendar_exception e = {.kind = CALENDAR_HOLIDAY};
    const struct value *v;

    if (map->kind != VALUE_MAP) {
        FAULT(draft, map,
              "mỗi mục của \"days\" phải là một nhóm khoá {date: ..., kind: ..., "
              "source: ...}");
        return;
    }
    check_keys(draft, map, keys, DVC_COUNT(keys), "một ngày của lịch");
    v = value_get(map, "kind");
    if (!v || v->kind != VALUE_STRING || calendar_kind_parse(v->string, &e.kind) != 0)
        FAULT(draft, v ? v : map,
              "mỗi ngày cần \"kind\" là holiday (nghỉ), make_up (làm bù), "
              "half_day (nửa ngày), own (giờ riêng) hoặc closure (đóng cửa)");
    else
        read_kind(draft, map, &e);
    e.source = text_of(draft, map, "source", true);
    e.note = text_of(draft, map, "note", false);
    e.certainty = text_of(draft, map, "certainty", false);
    if (e.certainty && (strlen(e.certainty) != 1 || !strchr("VSCMG", e.certainty[0])))
        FAULT(draft, value_get(map, "certainty"),
              "\"certainty\" phải là V (văn bản luật), S (báo chí), C (hệ thống đang chạy), "
              "M (trí nhớ) hoặc G (suy đoán)");
    if (read_date(draft, map, &e.day))
        add_day(draft, &e, map);
}

static void read_days(struct draft *draft)
{
    const struct value *days = value_get(draft->root, "days");

    if (!days)
        return;
    if (days->kind != VALUE_LIST || value_count(days) > CALENDAR_EXCEPTIONS_MAX) {
        FAULT(draft, days, "\"days\" phải là danh sách, tối đa %d ngày", CALENDAR_EXCEPTIONS_MAX);
        return;
    }
    for (size_t i = 0; i < value_count(days); i++)
        read_day(draft, value_at(days, i));
}

static void draft_read(struct draft *draft)
{
    static const char *const keys[] = {"calendar", "name", "version", "extends",
                                       "years",    "week", "days"};
    const struct value *root = draft->root;

    if (root->kind != VALUE_MAP) {
        FAULT(draft, root, "tệp lịch phải là các khoá calendar, name, version, years, week, days");
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

static void inherit(struct draft *draft, const struct draft *from)
{
    size_t own = draft->day_count;

    if (draft->first_year == 0) {
        draft->first_year = from->first_year;
        draft->last_year = from->last_year;
    }
    for (int day = 1; day <= 7; day++)
        if (!draft->week_set[day])
            draft->week[day] = from->week[day];
    for (size_t i = 0; i < from->day_count; i++) {
        const struct calendar_exception *e = &from->days[i];
        bool replaced = e->day.n < day_from_ymd(draft->first_year, 1, 1).n ||
                        e->day.n > day_from_ymd(draft->last_year, 12, 31).n;

        for (size_t j = 0; j < own && !replaced; j++)
            replaced = draft->days[j].day.n == e->day.n;
        if (!replaced)
            add_day(draft, e, NULL);
    }
}

static void draft_build(struct draft *draft)
{
    struct calendar_spec spec = {
        .id = draft->id,
        .name = draft->name,
        .version = draft->version,
        .first_year = draft->first_year,
        .last_year = draft->last_year,
        .exceptions = draft->days,
        .exception_count = draft->day_count,
    };
    const struct value *at = draft->root;
    size_t bad = 0;
    int rc;

    for (int day = 1; day <= 7; day++)
        spec.week[day] = draft->week[day];
    rc = calendar_new(draft->arena, &spec, &draft->calendar, &bad);
    if (rc == 0) {
        draft->state = DRAFT_DONE;
        return;
    }
    if (rc == CALENDAR_E_EXCEPTION && bad < draft->day_count && draft->day_at[bad])
        at = draft->day_at[bad];
    if (rc == CALENDAR_E_EXCEPTION)
        FAULT(draft, at,
              "ngày này không dùng được: phải nằm trong các năm %d-%d; make_up và "
              "half_day cần một thứ có giờ làm việc",
              draft->first_year, draft->last_year);
    else
        FAULT(draft, at, "lịch không có ngày làm việc nào; cần ít nhất một thứ có buổi làm việc");
}

static struct draft *draft_find(struct draft *drafts, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (drafts[i].id && slice_is(slice_str(id), drafts[i].id))
            return &drafts[i];
    return NULL;
}

/* Each calendar extends at most one other: down the chain, then back up, building. */
static void draft_resolve(struct draft *drafts, size_t count, struct draft *draft)
{
    struct draft *from;

    if (draft->state != DRAFT_READ)
        return;
    if (!draft->extends) {
        draft_build(draft);
        return;
    }
    draft->state = DRAFT_VISITING;
    from = draft_find(drafts, count, draft->extends);
    if (!from) {
        FAULT(draft, value_get(draft->root, "extends"), "không có lịch \"%s\" để mở rộng",
              draft->extends);
        return;
    }
    if (from->state == DRAFT_VISITING) {
        FAULT(draft, value_get(draft->root, "extends"),
              "các lịch mở rộng lẫn nhau thành vòng; lịch \"%s\" phải tự có đủ \"years\" và "
              "\"week\"",
              draft->extends);
        return;
    }
    draft_resolve(drafts, count, from);
    if (from->state != DRAFT_DONE) {
        draft->state = DRAFT_BAD; /* its own faults, or those of `from`, are told already */
        return;
    }
    inherit(draft, from);
    draft_build(draft);
}

static int calendar_order(const void *a, const void *b)
{
    return strcmp(calendar_id(*(struct calendar *const *)a),
                  calendar_id(*(struct calendar *const *)b));
}

int calendar_set_build(struct arena *arena, const struct calendar_file *files, size_t count,
                       struct conf_errors *errors, struct calendar_set **ret)
{
    struct draft *drafts = ARENA_ARRAY(arena, struct draft, count + 1);
    struct calendar_set *set = ARENA_NEW(arena, struct calendar_set);
    bool bad = false;

    for (size_t i = 0; i < count; i++) {
        struct draft *d = &drafts[i], *other;

        *d = (struct draft){.arena = arena, .errors = errors, .file = files[i].file};
        d->root = files[i].root;
        draft_read(d);
        other = d->id ? draft_find(drafts, i, d->id) : NULL;
        if (other)
            FAULT(d, value_get(d->root, "calendar"), "mã lịch \"%s\" đã dùng trong tệp %s", d->id,
                  other->file);
    }
    set->items = ARENA_ARRAY(arena, struct calendar *, count + 1);
    for (size_t i = 0; i < count; i++) {
        draft_resolve(drafts, count, &drafts[i]);
        if (drafts[i].state == DRAFT_DONE)
            set->items[set->count++] = drafts[i].calendar;
        else
            bad = true;
    }
    if (bad)
        return CONF_E_BAD;
    if (set->count > 0)
        qsort(set->items, set->count, sizeof(set->items[0]), calendar_order);
    *ret = set;
    return 0;
}

int calendar_set_load(struct arena *arena, const char *folder, const char *label,
                      struct conf_errors *errors, struct calendar_set **ret)
{
    struct calendar_file *files;
    const char **names;
    size_t count, read = 0;
    int rc =
        conf_folder_list(arena, folder, label, ".yaml", CALENDAR_FILES_MAX, errors, &names, &count);

    if (rc != 0)
        return rc;
    files = ARENA_ARRAY(arena, struct calendar_file, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct value *root;

        files[read].file = arena_printf(arena, "%s/%s", label, names[i]);
        if (conf_yaml_load(arena, arena_printf(arena, "%s/%s", folder, names[i]), files[read].file,
                           errors, &root) != 0) {
            rc = CONF_E_BAD;
            continue;
        }
        files[read++].root = root;
    }
    if (calendar_set_build(arena, files, read, errors, ret) != 0)
        rc = CONF_E_BAD;
    return rc;
}

size_t calendar_set_count(const struct calendar_set *set)
{
    return set->count;
}

const struct calendar *calendar_set_at(const struct calendar_set *set, size_t index)
{
    return index < set->count ? set->items[index] : NULL;
}

const struct calendar *calendar_set_find(const struct calendar_set *set, const char *id)
{
    for (size_t i = 0; i < set->count; i++)
        if (slice_is(slice_str(id), calendar_id(set->items[i])))
            return set->items[i];
    return NULL;
}
