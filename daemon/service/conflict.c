#include "service/conflict.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/value.h"
#include "conf/file.h"
#include "conf/plugin.h"
#include "conf/yaml.h"

static void copy(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from != NULL ? from : "");
}

void conflicts_read(const struct value *list, struct conflicts *ret)
{
    memset(ret, 0, sizeof(*ret));
    ret->total = value_count(list);
    for (size_t i = 0; i < ret->total && i < CONFLICTS_MAX; i++) {
        const struct value *row = value_at(list, i);
        struct conflict *conflict = &ret->items[ret->count++];

        copy(conflict->code, sizeof(conflict->code), value_get_str(row, "code"));
        copy(conflict->workflow, sizeof(conflict->workflow), value_get_str(row, "workflow"));
        conflict->version = (int)value_get_int(row, "version", 0);
        conflict->workflow_version = (int)value_get_int(row, "workflow_version", 0);
    }
}

void conflicts_brief(const struct conflicts *conflicts, char *ret, size_t size)
{
    const struct conflict *first = &conflicts->items[0];
    struct buf text = BUF_INIT(4096);

    if (conflicts->count > 0)
        buf_addf(&text, "%s version %d", first->code, first->version);
    if (conflicts->count > 0 && first->workflow[0] != '\0')
        buf_addf(&text, " by shared workflow %s version %d", first->workflow,
                 first->workflow_version);
    if (conflicts->total > 1)
        buf_addf(&text, " and %zu more", conflicts->total - 1);
    snprintf(ret, size, "%s", text.len > 0 ? text.ptr : "");
    buf_release(&text);
}

struct place {
    const char *file;
    uint32_t line, column;
};

/* Where the file says its version; without a place when it cannot be read any more. */
static struct place version_in(struct arena *arena, const char *path, const char *file)
{
    struct conf_errors ignored = CONF_ERRORS_INIT(arena);
    struct place place = {.file = file};
    const struct value *version;
    struct value *tree;

    if (conf_yaml_load(arena, path, file, &ignored, &tree) != 0)
        return place;
    version = value_get(tree, "version");
    if (version != NULL) {
        place.line = version->line;
        place.column = version->column;
    }
    return place;
}

static bool same_workflow(const struct conflict *a, const struct conflict *b)
{
    return strcmp(a->workflow, b->workflow) == 0 && a->workflow_version == b->workflow_version;
}

/* A changed workflow stands in the way of each that uses it: it is told of at the first. */
static void tell_workflow(struct arena *arena, const struct conflicts *conflicts, size_t at,
                          const struct generation *generation, const char *file,
                          struct conf_errors *errors)
{
    const struct conflict *conflict = &conflicts->items[at];
    const char *path = arena_printf(arena, "%s/%s-%d.yaml", generation->settings.paths.workflows,
                                    conflict->workflow, conflict->workflow_version);
    struct place place;
    size_t users = 0;

    for (size_t i = 0; i < conflicts->count; i++) {
        users += same_workflow(&conflicts->items[i], conflict);
        if (i < at && same_workflow(&conflicts->items[i], conflict))
            return;
    }
    place = version_in(
        arena, path,
        plugin_workflow_file(arena, file, conflict->workflow, conflict->workflow_version));
    conf_error(
        errors, place.file, place.line, place.column,
        "quy trình dùng chung \"%s\" phiên bản %d đã được công bố với các bước khác (%zu thủ "
        "tục đang dùng bị vướng, trước hết %s); cần trả lại nội dung cũ của tệp này, rồi viết "
        "nội dung mới ở tệp \"%s-%d.yaml\" với \"version: %d\" và cho từng thủ tục dùng nó "
        "một phiên bản mới",
        conflict->workflow, conflict->workflow_version, users, conflict->code, conflict->workflow,
        conflict->workflow_version + 1, conflict->workflow_version + 1);
}

static void tell_plugin(struct arena *arena, const struct conflict *conflict, const char *path,
                        const char *file, struct conf_errors *errors)
{
    struct place place = version_in(arena, path, file);

    conf_error(errors, place.file, place.line, place.column,
               "phiên bản %d của thủ tục %s đã được công bố với nội dung khác, nội dung mới không "
               "được dùng; cần đổi \"version\" thành một số lớn hơn chưa công bố (từ %d), hoặc trả "
               "lại nội dung cũ; xem khác gì: dvcctl plugin diff %s@%d %s",
               conflict->version, conflict->code, conflict->version + 1, conflict->code,
               conflict->version, file);
}

void conflicts_tell(const struct conflicts *conflicts, const struct generation *generation,
                    struct conf_errors *errors)
{
    const char *folder = generation->settings.paths.plugins;
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();

    for (size_t i = 0; i < conflicts->count; i++) {
        const struct conflict *conflict = &conflicts->items[i];
        const char *path = conf_path(arena, folder, arena_printf(arena, "%s.yaml", conflict->code));
        const char *file = conf_shown(arena, path);

        if (conflict->workflow[0] != '\0')
            tell_workflow(arena, conflicts, i, generation, file, errors);
        else
            tell_plugin(arena, conflict, path, file, errors);
    }
    if (conflicts->total > conflicts->count)
        conf_error(errors, conf_shown(arena, folder), 0, 0,
                   "còn %zu thủ tục khác đã được công bố với nội dung khác dưới cùng số phiên bản",
                   conflicts->total - conflicts->count);
}
