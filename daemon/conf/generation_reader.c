#include "conf/generation_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "conf/agency_load.h"
#include "conf/calendar_load.h"
#include "conf/check_spawn.h"
#include "conf/datadir.h"
#include "conf/file.h"
#include "conf/forms.h"
#include "conf/plugin_unit.h"
#include "conf/targets.h"

#define AGENCY_FILES_MAX 200

enum stage {
    STAGE_AGENCIES,
    STAGE_CALENDARS,
    STAGE_TARGETS,
    STAGE_LIST,
    STAGE_PLUGINS,
    STAGE_LINKS,
    STAGE_DONE
};

struct generation_reader {
    struct generation *generation;
    const struct generation *old; /* NULL: nothing can be taken over */
    enum stage stage;
    const char **names; /* plugin files */
    size_t count, at;
};

static void load_agencies(struct generation *g)
{
    const char *folder = g->settings.paths.agencies;
    struct agency_loader *loader = agency_loader_new(g->arena, &g->errors);
    const char **names;
    size_t count;

    if (communes_load(g->arena, g->settings.paths.communes,
                      conf_shown(g->arena, g->settings.paths.communes), &g->errors,
                      &g->communes) != 0)
        g->communes = NULL;
    if (conf_folder_list(g->arena, folder, conf_shown(g->arena, folder), ".yaml", AGENCY_FILES_MAX,
                         &g->errors, &names, &count) != 0)
        return;
    for (size_t i = 0; i < count; i++) {
        const char *path = conf_path(g->arena, folder, names[i]);

        /* Its faults are in the list; the others are still to be read. */
        if (agency_loader_file(loader, path, conf_shown(g->arena, path)) != 0)
            continue;
    }
    if (agency_loader_finish(loader, g->communes, &g->agencies) != 0)
        g->agencies = NULL;
    else if (g->agencies->count == 0)
        conf_error(&g->errors, conf_shown(g->arena, folder), 0, 0, "thư mục không có cơ quan nào");
}

static void load_calendars(struct generation *g)
{
    const char *folder = g->settings.paths.calendars;
    const char *usual = g->settings.clock.default_calendar;

    if (calendar_set_load(g->arena, folder, conf_shown(g->arena, folder),
                          (int)g->settings.clock.weekends_only_years, &g->errors,
                          &g->calendars) != 0) {
        g->calendars = NULL;
        return;
    }
    if (calendar_set_find(g->calendars, usual) == NULL)
        conf_error(&g->errors, conf_shown(g->arena, g->settings.file), 0, 0,
                   "\"clock.default_calendar\": không có lịch làm việc \"%s\"", usual);
    for (size_t i = 0; g->agencies != NULL && i < g->agencies->count; i++) {
        const struct agency *agency = &g->agencies->items[i];

        if (agency->calendar != NULL && calendar_set_find(g->calendars, agency->calendar) == NULL)
            conf_error(&g->errors, conf_shown(g->arena, g->settings.paths.agencies), 0, 0,
                       "cơ quan \"%s\": không có lịch làm việc \"%s\"", agency->code,
                       agency->calendar);
    }
}

static void load_forms(struct generation *g)
{
    const char *path = g->settings.paths.forms;
    char *dir = path == NULL ? datadir_find("config") : NULL;

    if (dir != NULL)
        path = conf_path(g->arena, dir, "forms.yaml");
    free(dir);
    if (path == NULL)
        conf_error(&g->errors, conf_shown(g->arena, g->settings.file), 0, 0,
                   "\"paths.forms\": không tìm thấy tệp các mẫu giấy tờ của chương trình");
    else if (forms_load(g->arena, path, conf_shown(g->arena, path), &g->errors, &g->forms) != 0)
        g->forms = NULL;
}

/* Which functions agencies have is all that plugins are checked against, beside themselves. */
static struct sha256 functions_of(const struct agency_tree *tree)
{
    struct sha256_sum *sum = sha256_begin();

    for (size_t i = 0; tree != NULL && i < tree->count; i++) {
        for (size_t k = 0; k < tree->items[i].function_count; k++) {
            sha256_add(sum, slice_str(tree->items[i].functions[k]));
            sha256_add(sum, SLICE_LIT("\n"));
        }
    }
    return sha256_end(sum);
}

static void list_plugins(struct generation_reader *reader)
{
    struct generation *g = reader->generation;
    const char *folder = g->settings.paths.plugins;

    g->functions = functions_of(g->agencies);
    if (reader->old != NULL &&
        memcmp(&reader->old->functions, &g->functions, sizeof(g->functions)) != 0)
        reader->old = NULL;
    g->workflows = workflow_shelf_new(g->settings.paths.workflows,
                                      reader->old != NULL ? reader->old->workflows : NULL);
    if (conf_folder_list(g->arena, folder, conf_shown(g->arena, folder), ".yaml",
                         GENERATION_PLUGINS_MAX, &g->errors, &reader->names, &reader->count) != 0)
        reader->count = 0;
    g->procedures = ARENA_ARRAY(g->arena, struct procedure *, reader->count + 1);
    g->units = ARENA_ARRAY(g->arena, struct plugin_unit *, reader->count + 1);
}

static void load_plugin(struct generation_reader *reader, const char *name)
{
    struct generation *g = reader->generation;
    struct plugin_reading reading = {g->workflows, g->agencies, &g->errors};
    struct arena *arena = arena_new();
    const char *path = conf_path(arena, g->settings.paths.plugins, name);
    struct slice code = slice_sub(slice_str(name), 0, strlen(name) - strlen(".yaml"));
    struct plugin_unit *unit =
        plugin_unit_read(&reading, path, conf_shown(arena, path),
                         reader->old != NULL ? generation_unit(reader->old, code) : NULL);

    arena_free(arena);
    g->plugin_files++;
    if (unit == NULL)
        return;
    g->units[g->procedure_count] = unit;
    g->procedures[g->procedure_count++] = unit->procedure;
}

/* What one opens of another can be judged only when all are known. */
static void load_links(struct generation *g, const char *folder)
{
    const char **files = ARENA_ARRAY(g->arena, const char *, g->procedure_count + 1);
    const char *at = conf_shown(g->arena, folder);
    struct spawn_world world = {.procedures = g->procedures,
                                .files = files,
                                .count = g->procedure_count,
                                .agencies = g->agencies,
                                .whole = g->procedure_count == g->plugin_files};
    size_t sound = 0;
    bool *ok = ARENA_ARRAY(g->arena, bool, g->procedure_count + 1);

    for (size_t i = 0; i < g->procedure_count; i++)
        files[i] = arena_printf(g->arena, "%s/%s.yaml", at, g->procedures[i]->code);
    for (size_t i = 0; i < g->procedure_count; i++)
        ok[i] = check_spawns(&world, i, &g->errors);
    for (size_t i = 0; i < g->procedure_count; i++) {
        if (!ok[i]) {
            plugin_unit_drop(g->units[i]);
            continue;
        }
        g->units[sound] = g->units[i];
        g->procedures[sound++] = g->procedures[i];
    }
    g->procedure_count = sound;
}

static void do_stage(struct generation_reader *reader)
{
    struct generation *g = reader->generation;

    switch (reader->stage) {
    case STAGE_AGENCIES:
        load_agencies(g);
        break;
    case STAGE_CALENDARS:
        load_calendars(g);
        break;
    case STAGE_TARGETS:
        if (targets_load(g->arena, g->settings.paths.targets,
                         conf_shown(g->arena, g->settings.paths.targets), &g->errors,
                         &g->targets) != 0)
            g->targets = NULL;
        load_forms(g);
        break;
    case STAGE_LIST:
        list_plugins(reader);
        break;
    case STAGE_PLUGINS:
        if (reader->at < reader->count)
            load_plugin(reader, reader->names[reader->at++]);
        if (reader->at < reader->count)
            return;
        break;
    case STAGE_LINKS:
        load_links(g, g->settings.paths.plugins);
        conf_errors_sort(&g->errors);
        break;
    case STAGE_DONE:
        return;
    }
    reader->stage++;
}

struct generation_reader *generation_reader_new(const char *path, const char *data,
                                                const struct generation *old)
{
    struct generation_reader *reader = dvc_calloc(1, sizeof(*reader));

    reader->generation = generation_load_settings(path, data);
    reader->old = old;
    /* Also with faults in dvcd.yaml: whoever mends it wants to know of the other files' as well. */
    if (reader->generation->settings.file == NULL) {
        conf_errors_sort(&reader->generation->errors);
        reader->stage = STAGE_DONE;
    }
    return reader;
}

bool generation_reader_step(struct generation_reader *reader, int64_t slice_us)
{
    int64_t until = mono_now().us + slice_us;

    do
        do_stage(reader);
    while (reader->stage != STAGE_DONE && mono_now().us < until);
    return reader->stage == STAGE_DONE;
}

struct generation *generation_reader_end(struct generation_reader *reader)
{
    struct generation *generation = reader->generation;

    free(reader);
    return generation;
}
