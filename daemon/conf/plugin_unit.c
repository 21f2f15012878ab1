#include "conf/plugin_unit.h"

#include <stdlib.h>
#include <string.h>

#include "conf/plugin.h"
#include "conf/plugin_check.h"
#include "conf/yaml.h"

struct plugin_unit *plugin_unit_drop(struct plugin_unit *unit)
{
    if (unit != NULL && --unit->refs == 0) {
        shared_workflow_unref(unit->shared);
        free(unit->canonical);
        arena_free(unit->nodes);
        arena_free(unit->arena); /* it lives there itself */
    }
    return NULL;
}

static void count_spawn(void *ctx, const struct step *step, const struct spawn *spawn)
{
    size_t *count = ctx;

    (void)step;
    (void)spawn;
    ++*count;
}

static bool unchanged(const struct plugin_reading *reading, const struct plugin_unit *old,
                      struct sha256 digest, const char *file)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = NULL;
    const struct shared_workflow *shared;

    if (old == NULL || memcmp(&old->digest, &digest, sizeof(digest)) != 0)
        return false;
    if (old->shared == NULL)
        return true;
    arena = arena_new();
    shared = workflow_shelf_get(
        reading->shelf, old->shared->use, old->shared->version,
        plugin_workflow_file(arena, file, old->shared->use, old->shared->version), reading->errors);
    return shared == old->shared;
}

/* Everything that is proved of one file alone. */
static bool compile(const struct plugin_reading *reading, struct plugin_unit *unit,
                    struct slice text, const char *file, struct buf *canonical)
{
    struct shared_workflow *used = NULL;
    struct value *tree;

    if (conf_yaml_read_apart(unit->nodes, unit->arena, file, text, reading->errors, &tree) != 0 ||
        plugin_expand_shared(unit->nodes, tree, file, reading->shelf, reading->errors, &used) != 0)
        return false;
    unit->shared = shared_workflow_ref(used);
    plugin_named(unit->nodes, tree, file, reading->errors);
    return procedure_compile_keep(unit->arena, tree, file, reading->errors, canonical,
                                  &unit->procedure) == 0 &&
           procedure_check(unit->procedure, reading->agencies, file, reading->errors);
}

static void keep_what_serves(struct plugin_unit *unit, const struct buf *canonical)
{
    size_t spawns = 0;

    unit->canonical = dvc_strdup(canonical->ptr);
    procedure_each_spawn(unit->procedure, count_spawn, &spawns);
    if (spawns == 0) {
        unit->procedure->source = NULL;
        unit->nodes = arena_free(unit->nodes);
    }
}

struct plugin_unit *plugin_unit_read(const struct plugin_reading *reading, const char *path,
                                     const char *file, struct plugin_unit *old)
{
    struct arena *arena = arena_new();
    struct plugin_unit *unit = ARENA_NEW(arena, struct plugin_unit);
    struct buf canonical = BUF_INIT(PLUGIN_CANONICAL_MAX);
    struct slice text;

    unit->refs = 1;
    unit->arena = arena;
    unit->nodes = arena_new();
    if (conf_file_read(unit->nodes, path, file, CONF_YAML_MAX_BYTES, reading->errors, &text) != 0)
        return plugin_unit_drop(unit);
    unit->digest = sha256_of(text);
    if (unchanged(reading, old, unit->digest, file)) {
        plugin_unit_drop(unit);
        old->refs++;
        return old;
    }
    if (compile(reading, unit, text, file, &canonical))
        keep_what_serves(unit, &canonical);
    else
        unit = plugin_unit_drop(unit);
    buf_release(&canonical);
    return unit;
}

void plugin_unit_published(struct plugin_unit *unit, int64_t id)
{
    /* Workers share the pages of what was there before: they are not to be written for nothing. */
    if (unit->procedure->id != id)
        unit->procedure->id = id;
    if (unit->canonical != NULL) {
        free(unit->canonical);
        unit->canonical = NULL;
    }
}
