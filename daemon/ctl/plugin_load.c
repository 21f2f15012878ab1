#include "ctl/plugin_load.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "conf/agency_load.h"
#include "conf/check_spawn.h"
#include "conf/communes.h"
#include "conf/plugin.h"
#include "conf/plugin_check.h"
#include "conf/plugin_head.h"

#define AGENCY_FILES_MAX 200
#define PROGRESS_EVERY 100
#define CANONICAL_DEPTH 32
#define ERRORS_MAX 10000

bool plugin_is_file(const char *name)
{
    return strchr(name, '/') != NULL || slice_ends(slice_str(name), ".yaml");
}

/* ---- the configuration ---- */

/* Faults of the agencies' files are dvcd check's matter: without them functions are not proved. */
static void read_agencies(struct plugin_set *set)
{
    const struct settings *settings = set->ctl->settings;
    struct conf_errors unused = CONF_ERRORS_INIT(set->arena);
    struct agency_loader *loader = agency_loader_new(set->arena, &unused);
    const char *folder = settings->paths.agencies, **names;
    struct commune_list *communes = NULL;
    struct agency_tree *tree = NULL;
    size_t count;
    int r = communes_load(set->arena, settings->paths.communes, settings->paths.communes, &unused,
                          &communes);

    if (r == 0)
        r = conf_folder_list(set->arena, folder, folder, ".yaml", AGENCY_FILES_MAX, &unused, &names,
                             &count);
    for (size_t i = 0; r == 0 && i < count; i++)
        r = agency_loader_file(loader, conf_path(set->arena, folder, names[i]), names[i]);
    if (r == 0)
        r = agency_loader_finish(loader, communes, &tree);
    if (r == 0)
        set->agencies = tree;
    else
        ctl_error("%s: the agencies have faults, so that their functions are not looked up; see "
                  "dvcd check",
                  folder);
}

int plugin_set_configuration(struct plugin_set *set)
{
    int r;

    if (set->folder != NULL)
        return 0;
    r = ctl_settings(set->ctl);
    if (r != 0)
        return r;
    set->folder = set->ctl->settings->paths.plugins;
    set->workflows = set->ctl->settings->paths.workflows;
    read_agencies(set);
    return 0;
}

int plugin_set_open(struct ctl *ctl, struct arena *arena, struct plugin_set *ret)
{
    *ret = (struct plugin_set){
        .ctl = ctl, .arena = arena, .errors = {.arena = arena, .max = ERRORS_MAX}};
    return strcmp(ctl->config, CTL_CONFIG) == 0 ? 0 : plugin_set_configuration(ret);
}

/* ---- one ---- */

static void keep(struct plugin_set *set, struct procedure *procedure, const char *file)
{
    set->procedures = arena_grow(set->arena, set->procedures, set->count, &set->procedure_cap,
                                 sizeof(*set->procedures));
    set->files =
        arena_grow(set->arena, set->files, set->count, &set->file_cap, sizeof(*set->files));
    set->procedures[set->count] = procedure;
    set->files[set->count++] = file;
}

/* `path` is shown as it was given. */
static int add_file(struct plugin_set *set, const char *path, const char *workflows,
                    const struct procedure **ret)
{
    struct procedure *procedure;
    struct value *tree;

    set->read++;
    if (plugin_load(set->arena, path, path, workflows, &set->errors, &tree) != 0)
        return CTL_FAILED;
    plugin_named(set->arena, tree, path, &set->errors);
    if (procedure_compile(set->arena, tree, path, &set->errors, &procedure) != 0)
        return CTL_FAILED;
    if (procedure_check(procedure, set->agencies, path, &set->errors))
        keep(set, procedure, path);
    if (ret != NULL)
        *ret = procedure;
    return 0;
}

int plugin_set_add(struct plugin_set *set, const char *name, const struct procedure **ret)
{
    struct arena *arena = set->arena;
    const char *path;
    int r;

    if (plugin_is_file(name))
        return add_file(set, arena_str(arena, name),
                        conf_path(arena, conf_dirname(arena, name), "../workflows"), ret);
    if (!plugin_code_ok(slice_str(name)))
        return ctl_misuse("'%s' is neither a file (.yaml) nor a procedure's code (d.dddddd)", name);
    r = plugin_set_configuration(set);
    if (r != 0)
        return r;
    path = arena_printf(arena, "%s/%s.yaml", set->folder, name);
    return add_file(set, conf_shown(arena, path), set->workflows, ret);
}

/* ---- all ---- */

int plugin_set_add_all(struct plugin_set *set, bool progress)
{
    const char **names;
    size_t count;
    int r = plugin_set_configuration(set);

    if (r != 0)
        return r;
    if (conf_folder_list(set->arena, set->folder, conf_shown(set->arena, set->folder), ".yaml",
                         GENERATION_PLUGINS_MAX, &set->errors, &names, &count) != 0)
        return 0;
    for (size_t i = 0; i < count; i++) {
        const char *path = conf_path(set->arena, set->folder, names[i]);

        /* Its faults are in the list; the others are still to be read. */
        (void)!add_file(set, conf_shown(set->arena, path), set->workflows, NULL);
        if (progress && ((i + 1) % PROGRESS_EVERY == 0 || i + 1 == count))
            fprintf(stderr, "\r%zu/%zu", i + 1, count);
    }
    if (progress && count > 0)
        fputc('\n', stderr);
    return 0;
}

/* ---- what one opens of another ---- */

struct linking {
    struct plugin_set *set;
    const char *file; /* whose spawns are looked at */
    bool faulty;      /* one of them is there, but cannot be used */
};

static bool there(const struct plugin_set *set, const char *code)
{
    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->procedures[i]->code, code) == 0)
            return true;
    }
    return false;
}

static const char *beside(struct arena *arena, const char *file, const char *code)
{
    return conf_path(arena, conf_dirname(arena, file), arena_printf(arena, "%s.yaml", code));
}

/* Faults of a file that was not asked for are told of when it is. */
static void read_other(void *ctx, const struct step *step, const struct spawn *spawn)
{
    struct linking *linking = ctx;
    struct plugin_set *set = linking->set;
    struct conf_errors asked_for = set->errors;
    const char *path = beside(set->arena, linking->file, spawn->procedure);

    (void)step;
    if (there(set, spawn->procedure) || access(path, F_OK) != 0)
        return;
    set->errors = CONF_ERRORS_INIT(set->arena);
    if (add_file(set, path, conf_path(set->arena, conf_dirname(set->arena, path), "../workflows"),
                 NULL) != 0 ||
        set->errors.count > 0)
        linking->faulty = true;
    set->errors = asked_for;
    set->read--;
}

static void look_for(void *ctx, const struct step *step, const struct spawn *spawn)
{
    struct linking *linking = ctx;
    const char *path = beside(linking->set->arena, linking->file, spawn->procedure);

    (void)step;
    if (!there(linking->set, spawn->procedure) && access(path, F_OK) == 0)
        linking->faulty = true;
}

void plugin_set_link(struct plugin_set *set)
{
    size_t asked_for = set->count;
    struct spawn_world world;

    for (size_t i = 0; i < set->count; i++) {
        struct linking linking = {.set = set, .file = set->files[i]};

        procedure_each_spawn(set->procedures[i], read_other, &linking);
    }
    for (size_t i = 0; i < asked_for; i++) {
        struct linking linking = {.set = set, .file = set->files[i]};

        procedure_each_spawn(set->procedures[i], look_for, &linking);
        world = (struct spawn_world){.procedures = set->procedures,
                                     .files = set->files,
                                     .count = set->count,
                                     .agencies = set->agencies,
                                     .whole = !linking.faulty};
        if (!check_spawns(&world, i, &set->errors))
            continue; /* in the list */
    }
}

/* ---- for a command that works with one ---- */

int plugin_load_one(struct ctl *ctl, struct arena *arena, const char *name, bool sound,
                    const struct procedure **ret)
{
    struct plugin_set set;
    struct buf text = BUF_INIT(1u << 20);
    const struct procedure *procedure = NULL;
    int r = plugin_set_open(ctl, arena, &set);

    if (r == 0)
        r = plugin_set_add(&set, name, &procedure);
    if (r == 0)
        plugin_set_link(&set);
    if (r == 0 && sound && conf_errors_total(&set.errors) > 0)
        r = CTL_FAILED;
    conf_errors_write(&text, &set.errors);
    fputs(text.ptr, stderr);
    buf_release(&text);
    if (r == 0)
        *ret = procedure;
    return r;
}

int plugin_published(struct arena *arena, const char *name, struct slice canonical,
                     const struct procedure **ret)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct json_error error;
    struct procedure *procedure;
    struct value *tree;

    if (json_parse(arena, arena_slice(arena, canonical), CANONICAL_DEPTH, &tree, &error) != 0 ||
        procedure_compile(arena, tree, name, &errors, &procedure) != 0) {
        ctl_error("%s: the published version cannot be read: %s", name,
                  errors.count > 0 ? errors.items[0].text : "not JSON");
        return CTL_E_DATABASE;
    }
    *ret = procedure;
    return 0;
}
