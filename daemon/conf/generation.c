#include "conf/generation.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/agency_load.h"
#include "conf/calendar_load.h"
#include "conf/check_spawn.h"
#include "conf/datadir.h"
#include "conf/forms.h"
#include "conf/plugin.h"
#include "conf/plugin_check.h"
#include "conf/targets.h"

#define AGENCY_FILES_MAX 200

static const char *shown(struct arena *arena, const char *path)
{
    return conf_shown(arena, path);
}

static void load_agencies(struct generation *g)
{
    const char *folder = g->settings.paths.agencies;
    struct agency_loader *loader = agency_loader_new(g->arena, &g->errors);
    const char **names;
    size_t count;

    if (communes_load(g->arena, g->settings.paths.communes,
                      shown(g->arena, g->settings.paths.communes), &g->errors, &g->communes) != 0)
        g->communes = NULL;
    if (conf_folder_list(g->arena, folder, shown(g->arena, folder), ".yaml", AGENCY_FILES_MAX,
                         &g->errors, &names, &count) != 0)
        return;
    for (size_t i = 0; i < count; i++) {
        const char *path = conf_path(g->arena, folder, names[i]);

        /* Its faults are in the list; the others are still to be read. */
        if (agency_loader_file(loader, path, shown(g->arena, path)) != 0)
            continue;
    }
    if (agency_loader_finish(loader, g->communes, &g->agencies) != 0)
        g->agencies = NULL;
    else if (g->agencies->count == 0)
        conf_error(&g->errors, shown(g->arena, folder), 0, 0, "thư mục không có cơ quan nào");
}

static void load_calendars(struct generation *g)
{
    const char *folder = g->settings.paths.calendars;
    const char *usual = g->settings.clock.default_calendar;

    if (calendar_set_load(g->arena, folder, shown(g->arena, folder),
                          (int)g->settings.clock.weekends_only_years, &g->errors,
                          &g->calendars) != 0) {
        g->calendars = NULL;
        return;
    }
    if (calendar_set_find(g->calendars, usual) == NULL)
        conf_error(&g->errors, shown(g->arena, g->settings.file), 0, 0,
                   "\"clock.default_calendar\": không có lịch làm việc \"%s\"", usual);
    for (size_t i = 0; g->agencies != NULL && i < g->agencies->count; i++) {
        const struct agency *agency = &g->agencies->items[i];

        if (agency->calendar != NULL && calendar_set_find(g->calendars, agency->calendar) == NULL)
            conf_error(&g->errors, shown(g->arena, g->settings.paths.agencies), 0, 0,
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
        conf_error(&g->errors, shown(g->arena, g->settings.file), 0, 0,
                   "\"paths.forms\": không tìm thấy tệp các mẫu giấy tờ của chương trình");
    else if (forms_load(g->arena, path, shown(g->arena, path), &g->errors, &g->forms) != 0)
        g->forms = NULL;
}

static void load_plugin(struct generation *g, const char *path)
{
    const char *file = shown(g->arena, path);
    struct procedure *procedure;
    struct value *tree;

    g->plugin_files++;
    if (plugin_load(g->arena, path, file, g->settings.paths.workflows, &g->errors, &tree) != 0)
        return;
    plugin_named(g->arena, tree, file, &g->errors);
    if (procedure_compile(g->arena, tree, file, &g->errors, &procedure) != 0 ||
        !procedure_check(procedure, g->agencies, file, &g->errors))
        return;
    g->procedures[g->procedure_count++] = procedure;
}

/* What one opens of another can be judged only when all are known. */
static void load_links(struct generation *g, const char *folder)
{
    const char **files = ARENA_ARRAY(g->arena, const char *, g->procedure_count + 1);
    const char *at = shown(g->arena, folder);
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
        if (ok[i])
            g->procedures[sound++] = g->procedures[i];
    }
    g->procedure_count = sound;
}

static void load_plugins(struct generation *g)
{
    const char *folder = g->settings.paths.plugins;
    const char **names;
    size_t count;

    if (conf_folder_list(g->arena, folder, shown(g->arena, folder), ".yaml", GENERATION_PLUGINS_MAX,
                         &g->errors, &names, &count) != 0)
        return;
    g->procedures = ARENA_ARRAY(g->arena, struct procedure *, count + 1);
    /* Files carry the names of their codes, so their order is that of the codes. */
    for (size_t i = 0; i < count; i++)
        load_plugin(g, conf_path(g->arena, folder, names[i]));
    load_links(g, folder);
}

struct generation *generation_load_settings(const char *path, const char *data)
{
    struct generation *g = dvc_calloc(1, sizeof(*g));

    g->arena = arena_new();
    g->errors = CONF_ERRORS_INIT(g->arena);
    g->settings_ok =
        settings_load(g->arena, path, shown(g->arena, path), data, &g->errors, &g->settings) == 0;
    return g;
}

struct generation *generation_load(const char *path, const char *data)
{
    struct generation *g = generation_load_settings(path, data);

    /* Also with faults in dvcd.yaml: whoever mends it wants to know of the other files' as well. */
    if (g->settings.file != NULL) {
        load_agencies(g);
        load_calendars(g);
        if (targets_load(g->arena, g->settings.paths.targets,
                         shown(g->arena, g->settings.paths.targets), &g->errors, &g->targets) != 0)
            g->targets = NULL;
        load_forms(g);
        load_plugins(g);
    }
    conf_errors_sort(&g->errors);
    return g;
}

struct generation *generation_free(struct generation *generation)
{
    if (generation != NULL) {
        arena_free(generation->arena);
        free(generation);
    }
    return NULL;
}

bool generation_ok(const struct generation *generation)
{
    return conf_errors_total(&generation->errors) == 0;
}

const struct procedure *generation_procedure(const struct generation *generation, struct slice code)
{
    for (size_t i = 0; i < generation->procedure_count; i++) {
        if (slice_is(code, generation->procedures[i]->code))
            return generation->procedures[i];
    }
    return NULL;
}

bool generation_report(struct generation *generation, struct buf *buf)
{
    if (!generation_ok(generation)) {
        conf_errors_write(buf, &generation->errors);
        buf_addf(buf, "%zu lỗi\n", conf_errors_total(&generation->errors));
        return false;
    }
    if (generation->agencies != NULL)
        buf_addf(buf, "%zu cơ quan, %zu lịch làm việc, %zu thủ tục, %zu nơi chuyển đến\n",
                 generation->agencies->count, calendar_set_count(generation->calendars),
                 generation->procedure_count, generation->targets->vnpost_count);
    buf_adds(buf, "cấu hình đúng\n");
    return true;
}
