#include "service/published.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "conf/plugin_unit.h"

#define JSON_DEPTH 8

static day_t day_member(const struct value *row, const char *key)
{
    struct slice text = value_get_text(row, key);
    day_t day;

    return text.ptr != NULL && day_parse(text, &day) == 0 ? day : DAY_NONE;
}

/* What is compiled here under this code and version counts only when it says the same. */
static struct plugin_unit *same_unit(const struct generation *generation,
                                     const struct published_version *version)
{
    struct plugin_unit *unit = generation_unit(generation, slice_str(version->code));

    if (unit == NULL || unit->procedure->version != version->version ||
        strcmp(unit->procedure->sha256, version->sha256) != 0)
        return NULL;
    return unit;
}

struct published_version published_version(struct arena *arena, const struct value *row,
                                           const struct generation *generation)
{
    struct published_version version = {
        .id = value_get_int(row, "id", 0),
        .code = arena_slice_str(arena, value_get_text(row, "code")),
        .version = (int)value_get_int(row, "version", 0),
        .from = day_member(row, "from"),
        .to = day_member(row, "to"),
    };
    struct plugin_unit *unit;

    version.sha256 = arena_slice_str(arena, value_get_text(row, "sha256"));
    unit = same_unit(generation, &version);
    if (unit != NULL) {
        version.procedure = unit->procedure;
        /* Only where it is new: workers share the page with the supervisor until one writes. */
        if (unit->procedure->id != version.id)
            unit->procedure->id = version.id;
    }
    return version;
}

struct published *published_new(void)
{
    struct arena *arena = arena_new();
    struct published *published = ARENA_NEW(arena, struct published);

    published->arena = arena;
    return published;
}

struct published *published_free(struct published *published)
{
    if (published != NULL)
        arena_free(published->arena);
    return NULL;
}

static void append(struct published *published, struct published_version version)
{
    published->items = arena_grow(published->arena, published->items, published->count,
                                  &published->cap, sizeof(*published->items));
    published->items[published->count++] = version;
}

static void add(struct published *published, const struct generation *generation,
                const struct value *row)
{
    struct published_version version = published_version(published->arena, row, generation);

    if (version.procedure != NULL)
        plugin_unit_published(generation_unit(generation, slice_str(version.code)), version.id);
    append(published, version);
}

static bool listed(const struct value *ids, int64_t id)
{
    for (size_t i = 0; i < value_count(ids); i++)
        if (value_at(ids, i)->kind == VALUE_INT && value_at(ids, i)->integer == id)
            return true;
    return false;
}

int published_add(struct published *published, const struct generation *generation,
                  struct slice answer)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    const struct value *rows, *withdrawn;
    struct json_error error;
    int64_t newest = published->newest;
    struct value *all;

    if (json_parse(arena, answer, JSON_DEPTH, &all, &error) != 0)
        return -EINVAL;
    rows = value_get(all, "procedures");
    for (size_t i = 0; i < value_count(rows); i++) {
        int64_t id = value_get_int(value_at(rows, i), "id", 0);

        if (id > published->newest)
            add(published, generation, value_at(rows, i));
        newest = id > newest ? id : newest;
    }
    published->newest = newest;
    withdrawn = value_get(all, "withdrawn");
    for (size_t i = 0; withdrawn != NULL && withdrawn->kind == VALUE_LIST && i < published->count;
         i++)
        published->items[i].withdrawn = listed(withdrawn, published->items[i].id);
    published->generation = value_get_int(all, "generation", published->generation);
    return 0;
}

struct published *published_for(const struct published *published,
                                const struct generation *generation)
{
    struct published *copy = published_new();

    copy->generation = published->generation;
    copy->newest = published->newest;
    for (size_t i = 0; i < published->count; i++) {
        struct published_version version = published->items[i];
        struct plugin_unit *unit = same_unit(generation, &version);

        version.code = arena_str(copy->arena, version.code);
        version.sha256 = arena_str(copy->arena, version.sha256);
        version.procedure = unit != NULL ? unit->procedure : NULL;
        if (unit != NULL)
            plugin_unit_published(unit, version.id);
        append(copy, version);
    }
    return copy;
}

int published_ask(const struct published *published, struct store_sync *sync,
                  const struct statements *statements, struct arena *arena,
                  struct slice *ret_answer, struct db_error *ret_error)
{
    const struct statement *statement = statements_find(statements, "registry_read");
    struct db_param params[] = {db_int(published->generation), db_int(published->newest),
                                db_int(INT32_MAX)};
    struct db_rows *rows = NULL;
    int r;

    DVC_REQUIRE(statement != NULL);
    r = store_sync_query(sync, statement, params, DVC_COUNT(params), &rows, ret_error);
    if (r == 0)
        *ret_answer = arena_slice(arena, db_json(rows));
    db_rows_free(rows);
    return r;
}
