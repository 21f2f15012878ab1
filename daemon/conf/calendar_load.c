#include "conf/calendar_load.h"

#include <stdlib.h>
#include <string.h>

#include "conf/calendar_draft.h"
#include "conf/file.h"
#include "conf/yaml.h"

struct calendar_set {
    struct calendar **items; /* by id */
    size_t count;
};

static void inherit(struct calendar_draft *draft, const struct calendar_draft *from)
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
            calendar_draft_add(draft, e, NULL);
    }
}

static void draft_build(struct calendar_draft *draft)
{
    struct calendar_spec spec = {
        .id = draft->id,
        .name = draft->name,
        .version = draft->version,
        .first_year = draft->first_year,
        .last_year = draft->last_year + draft->years_ahead,
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
        DRAFT_FAULT(draft, at,
                    "ngày này không dùng được: phải nằm trong các năm %d-%d; make_up và "
                    "half_day cần một thứ có giờ làm việc",
                    draft->first_year, draft->last_year);
    else
        DRAFT_FAULT(draft, at,
                    "lịch không có ngày làm việc nào; cần ít nhất một thứ có buổi làm việc");
}

static struct calendar_draft *draft_find(struct calendar_draft *drafts, size_t count,
                                         const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (drafts[i].id && slice_is(slice_str(id), drafts[i].id))
            return &drafts[i];
    return NULL;
}

/* Each calendar extends at most one other: down the chain, then back up, building. */
static void draft_resolve(struct calendar_draft *drafts, size_t count, struct calendar_draft *draft)
{
    struct calendar_draft *from;

    if (draft->state != DRAFT_READ)
        return;
    if (!draft->extends) {
        draft_build(draft);
        return;
    }
    draft->state = DRAFT_VISITING;
    from = draft_find(drafts, count, draft->extends);
    if (!from) {
        DRAFT_FAULT(draft, value_get(draft->root, "extends"), "không có lịch \"%s\" để mở rộng",
                    draft->extends);
        return;
    }
    if (from->state == DRAFT_VISITING) {
        DRAFT_FAULT(draft, value_get(draft->root, "extends"),
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
                       int years_ahead, struct conf_errors *errors, struct calendar_set **ret)
{
    struct calendar_draft *drafts = ARENA_ARRAY(arena, struct calendar_draft, count + 1);
    struct calendar_set *set = ARENA_NEW(arena, struct calendar_set);
    bool bad = false;

    for (size_t i = 0; i < count; i++) {
        struct calendar_draft *d = &drafts[i], *other;

        *d = (struct calendar_draft){.arena = arena,
                                     .errors = errors,
                                     .file = files[i].file,
                                     .years_ahead = years_ahead};
        d->root = files[i].root;
        calendar_draft_read(d);
        other = d->id ? draft_find(drafts, i, d->id) : NULL;
        if (other)
            DRAFT_FAULT(d, value_get(d->root, "calendar"), "mã lịch \"%s\" đã dùng trong tệp %s",
                        d->id, other->file);
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
                      int years_ahead, struct conf_errors *errors, struct calendar_set **ret)
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
    if (calendar_set_build(arena, files, read, years_ahead, errors, ret) != 0)
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
