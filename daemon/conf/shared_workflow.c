#include "conf/shared_workflow.h"

#include <stdlib.h>
#include <string.h>

#include "conf/plugin.h"
#include "conf/yaml.h"

struct shared_workflow *shared_workflow_ref(struct shared_workflow *workflow)
{
    if (workflow != NULL)
        workflow->refs++;
    return workflow;
}

struct shared_workflow *shared_workflow_unref(struct shared_workflow *workflow)
{
    /* It lives in its own arena. */
    if (workflow != NULL && --workflow->refs == 0)
        arena_free(workflow->arena);
    return NULL;
}

struct workflow_shelf {
    const char *dir;
    const struct workflow_shelf *old;
    struct shared_workflow **items;
    size_t count, cap;
};

struct workflow_shelf *workflow_shelf_new(const char *dir, const struct workflow_shelf *old)
{
    struct workflow_shelf *shelf = dvc_calloc(1, sizeof(*shelf));

    shelf->dir = dir;
    shelf->old = old;
    return shelf;
}

struct workflow_shelf *workflow_shelf_free(struct workflow_shelf *shelf)
{
    if (shelf == NULL)
        return NULL;
    for (size_t i = 0; i < shelf->count; i++)
        shared_workflow_unref(shelf->items[i]);
    free(shelf->items);
    free(shelf);
    return NULL;
}

static struct shared_workflow *find(const struct workflow_shelf *shelf, const char *use,
                                    int version)
{
    for (size_t i = 0; shelf != NULL && i < shelf->count; i++) {
        struct shared_workflow *item = shelf->items[i];

        if (item->version == version && strcmp(item->use, use) == 0)
            return item;
    }
    return NULL;
}

static struct shared_workflow *read_one(struct workflow_shelf *shelf, const char *use, int version,
                                        const char *file, struct conf_errors *errors)
{
    struct arena *arena = arena_new(), *scratch = arena_new();
    struct shared_workflow *item = ARENA_NEW(arena, struct shared_workflow), *before;
    const char *path = arena_printf(scratch, "%s/%s-%d.yaml", shelf->dir, use, version);
    struct value *tree = NULL;
    struct slice text;

    item->refs = 1;
    item->arena = arena;
    item->use = arena_str(arena, use);
    item->version = version;
    if (conf_file_read(scratch, path, file, CONF_YAML_MAX_BYTES, errors, &text) == 0) {
        item->digest = sha256_of(text);
        before = find(shelf->old, use, version);
        if (before != NULL && before->tree != NULL &&
            memcmp(&before->digest, &item->digest, sizeof(item->digest)) == 0) {
            shared_workflow_unref(item);
            item = shared_workflow_ref(before);
        } else if (plugin_shared_read(arena, text, file, use, version, errors, &tree) == 0) {
            item->tree = tree;
        }
    }
    arena_free(scratch);
    return item;
}

struct shared_workflow *workflow_shelf_get(struct workflow_shelf *shelf, const char *use,
                                           int version, const char *file,
                                           struct conf_errors *errors)
{
    struct shared_workflow *item = find(shelf, use, version);

    if (item == NULL) {
        item = read_one(shelf, use, version, file, errors);
        if (shelf->count == shelf->cap) {
            shelf->cap = shelf->cap * 2 + 8;
            shelf->items = dvc_realloc(shelf->items, shelf->cap * sizeof(struct shared_workflow *));
        }
        shelf->items[shelf->count++] = item;
    }
    return item->tree != NULL ? item : NULL;
}
