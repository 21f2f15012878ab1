/* The schema for editors is made of the tables that the reader reads by: nothing may be left out of
 * it, neither a key's help nor what is inside of it. */
#include "conf/plugin_language.h"

#include "base/json.h"
#include "conf_fixture.h"
#include "dvc_test.h"

#include <string.h>

struct looking {
    struct arena *arena;
    size_t keys;
    const char *found; /* set when this help's key was met */
    const char *wanted;
};

static const struct schema_help *help_of(const char *name)
{
    size_t count;
    const struct schema_help *help = plugin_language_help(&count);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(help[i].key, name) == 0)
            return &help[i];
    }
    return NULL;
}

static void has_all(void *ctx, const char *shape, const struct schema_key *key)
{
    struct looking *looking = ctx;
    bool inside = key->type == SCHEMA_MAP || key->type == SCHEMA_LIST || key->type == SCHEMA_ANY;
    const struct schema_help *help;

    cr_assert(shape != NULL, "%s", key->name);
    help = help_of(arena_printf(looking->arena, "%s.%s", shape, key->name));
    cr_expect(help != NULL, "%s.%s has no help", shape, key->name);
    if (help != NULL && help->text != NULL)
        cr_expect(!inside || key->shape != NULL, "%s.%s: what is inside?", shape, key->name);
    looking->keys++;
}

DVC_TEST(conf_language, every_key_has_its_help_and_its_inside)
{
    struct looking looking = {.arena = arena_new()};

    schema_each_key(plugin_language_roots, has_all, &looking);
    cr_expect(looking.keys > 120, "%zu", looking.keys);
    arena_free(looking.arena);
}

static void meet(void *ctx, const char *shape, const struct schema_key *key)
{
    struct looking *looking = ctx;

    if (strcmp(arena_printf(looking->arena, "%s.%s", shape, key->name), looking->wanted) == 0)
        looking->found = looking->wanted;
}

DVC_TEST(conf_language, no_help_is_left_of_a_key_that_went)
{
    size_t count;
    const struct schema_help *help = plugin_language_help(&count);
    struct looking looking = {.arena = arena_new()};

    for (size_t i = 0; i < count; i++) {
        looking.found = NULL;
        looking.wanted = help[i].key;
        schema_each_key(plugin_language_roots, meet, &looking);
        cr_expect(looking.found != NULL, "%s", help[i].key);
    }
    arena_free(looking.arena);
}

static void references(const struct value *defs, const struct value *value, size_t *count)
{
    if (value->kind == VALUE_LIST) {
        for (size_t i = 0; i < value->list.count; i++)
            references(defs, value->list.items[i], count);
        return;
    }
    for (size_t i = 0; value->kind == VALUE_MAP && i < value->map.count; i++) {
        const struct value *inner = value->map.members[i].value;

        if (slice_is(value->map.members[i].key, "$ref")) {
            cr_assert(slice_starts(inner->string, "#/$defs/"));
            cr_expect(value_get(defs, inner->string.ptr + 8) != NULL, "%s", inner->string.ptr);
            (*count)++;
        }
        references(defs, inner, count);
    }
}

/* Two shapes of one name would be a member twice, which strict JSON refuses. */
DVC_TEST(conf_language, the_schema_is_json_whose_references_lead_somewhere)
{
    struct arena *arena = arena_new();
    struct buf buf = BUF_INIT(1 << 20);
    struct json_error error;
    struct value *tree;
    size_t count = 0;

    plugin_language_schema(&buf);
    cr_assert(json_parse(arena, buf_slice(&buf), 60, &tree, &error) == 0, "%d: %s", error.column,
              error.what);
    references(value_get(tree, "$defs"), tree, &count);
    cr_expect(count > 40);
    cr_expect(value_get(value_path(tree, slice_str("$defs.step.properties")), "order") == NULL);
    cr_expect(value_get(value_path(tree, slice_str("$defs.step.properties")), "limit") != NULL);
    buf_release(&buf);
    arena_free(arena);
}
