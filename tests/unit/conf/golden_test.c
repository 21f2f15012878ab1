/* Every file of bad/ breaks something; its .ok file holds what people are told. With
 * DVC_UPDATE_GOLDENS set the .ok files are written instead of compared. */
#include "conf/agency_load.h"
#include "conf/check_spawn.h"
#include "conf/plugin.h"
#include "conf/plugin_check.h"
#include "conf/settings.h"
#include "conf/yaml.h"

#include "conf_fixture.h"
#include "dvc_test.h"

#include <stdio.h>
#include <stdlib.h>

struct golden {
    struct arena *arena;
    struct conf_errors errors;
    const struct commune_list *communes;
    const struct agency_tree *agencies;
};

static struct procedure *read_plugin(struct golden *g, const char *path, const char *file)
{
    struct procedure *procedure;
    struct value *tree;

    if (plugin_load(g->arena, path, file, fixture_path(g->arena, "tests/unit/conf/workflows"),
                    &g->errors, &tree) != 0 ||
        procedure_compile(g->arena, tree, file, &g->errors, &procedure) != 0)
        return NULL;
    return procedure;
}

/* Beside those that the bad files open, which are sound themselves. */
static bool links_sound(struct golden *g, struct procedure *procedure, const char *file)
{
    struct procedure *world[] = {procedure, NULL, NULL};
    const char *const files[] = {file, "partners/9.000002.yaml", "partners/9.000003.yaml"};

    for (int i = 1; i < 3; i++) {
        world[i] = read_plugin(
            g, fixture_path(g->arena, arena_printf(g->arena, "tests/unit/conf/%s", files[i])),
            files[i]);
        cr_assert(world[i] != NULL &&
                  procedure_check(world[i], g->agencies, files[i], &g->errors));
    }
    return check_spawns(&(struct spawn_world){world, files, 3, g->agencies, true}, 0, &g->errors);
}

static bool plugin_sound(struct golden *g, const char *path, const char *file)
{
    struct procedure *procedure = read_plugin(g, path, file);

    return procedure != NULL && procedure_check(procedure, g->agencies, file, &g->errors) &&
           links_sound(g, procedure, file);
}

DVC_TEST(conf_golden, the_plugin_that_opens_another_is_sound)
{
    struct golden g = {.arena = arena_new()};

    g.errors = CONF_ERRORS_INIT(g.arena);
    g.agencies = fixture_agencies(g.arena);
    cr_expect(plugin_sound(&g, fixture_path(g.arena, "tests/unit/conf/partners/lead.yaml"),
                           "partners/lead.yaml"));
    cr_expect(conf_errors_total(&g.errors) == 0);
    arena_free(g.arena);
}

static void tell_agencies(struct golden *g, const char *path, const char *file)
{
    struct agency_loader *loader = agency_loader_new(g->arena, &g->errors);
    struct agency_tree *tree;

    cr_assert(agency_loader_file(loader, path, file) != 0 ||
                  agency_loader_finish(loader, g->communes, &tree) != 0,
              "%s is sound", file);
}

static void tell(struct golden *g, const char *path, const char *file, const char *name)
{
    struct settings settings;
    struct value *tree;

    if (strncmp(name, "plugin-", 7) == 0)
        cr_assert(!plugin_sound(g, path, file), "%s is sound", file);
    else if (strncmp(name, "agencies-", 9) == 0)
        tell_agencies(g, path, file);
    else if (strncmp(name, "settings-", 9) == 0)
        cr_assert(settings_load(g->arena, path, file, NULL, &g->errors, &settings) == CONF_E_BAD,
                  "%s is sound", file);
    else
        cr_assert(conf_yaml_load(g->arena, path, file, &g->errors, &tree) == CONF_E_BAD,
                  "%s is sound", file);
}

static void update(const char *path, const struct buf *told)
{
    FILE *file = fopen(path, "w");

    cr_assert(file != NULL && fwrite(told->ptr, 1, told->len, file) == told->len);
    fclose(file);
}

static void compare(struct golden *g, const char *name)
{
    const char *path =
        fixture_path(g->arena, arena_printf(g->arena, "tests/unit/conf/bad/%s", name));
    const char *ok = arena_printf(g->arena, "%.*s.ok", (int)(strlen(path) - 5), path);
    struct buf told = BUF_INIT(1 << 20);
    struct conf_errors none = CONF_ERRORS_INIT(g->arena);
    struct slice expected = SLICE_NULL;

    g->errors = CONF_ERRORS_INIT(g->arena);
    tell(g, path, arena_printf(g->arena, "bad/%s", name), name);
    conf_errors_write(&told, &g->errors);
    if (getenv("DVC_UPDATE_GOLDENS") != NULL)
        update(ok, &told);
    else
        cr_assert(conf_file_read(g->arena, ok, ok, 1 << 20, &none, &expected) == 0, "no %s", ok);
    if (expected.ptr != NULL)
        cr_expect(slice_eq(buf_slice(&told), expected), "%s says\n%s\nexpected\n%.*s", name,
                  told.ptr, (int)expected.len, expected.ptr);
    buf_release(&told);
}

DVC_TEST(conf_golden, every_broken_file_is_told_of)
{
    struct golden g = {.arena = arena_new()};
    struct conf_errors errors = CONF_ERRORS_INIT(g.arena);
    const char *folder = fixture_path(g.arena, "tests/unit/conf/bad");
    const char **names;
    size_t count;

    g.communes = fixture_communes(g.arena);
    g.agencies = fixture_agencies(g.arena);
    cr_assert(conf_folder_list(g.arena, folder, folder, ".yaml", 1000, &errors, &names, &count) ==
              0);
    cr_assert(count > 80, "only %zu files", count);
    for (size_t i = 0; i < count; i++)
        compare(&g, names[i]);
    arena_free(g.arena);
}

/* The rules of the reference and those that some file breaks are the same. */
static bool holds(struct slice text, const char *word)
{
    size_t len = strlen(word);

    for (size_t i = 0; i + len <= text.len; i++) {
        if (memcmp(text.ptr + i, word, len) == 0)
            return true;
    }
    return false;
}

DVC_TEST(conf_golden, every_rule_is_explained_and_broken_once)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    const char *folder = fixture_path(arena, "tests/unit/conf/bad"), **names;
    struct buf all = BUF_INIT(4 << 20);
    struct slice text;
    size_t count, rules = 0;

    cr_assert(conf_folder_list(arena, folder, folder, ".ok", 1000, &errors, &names, &count) == 0);
    for (size_t i = 0; i < count; i++) {
        cr_assert(conf_file_read(arena, conf_path(arena, folder, names[i]), names[i], 1 << 20,
                                 &errors, &text) == 0);
        buf_add_slice(&all, text);
    }
    cr_assert(conf_file_read(arena, fixture_path(arena, "plugins/README.md"), "README.md", 1 << 20,
                             &errors, &text) == 0);
    for (int rule = 1; rule < 200; rule++) {
        bool told = holds(buf_slice(&all), arena_printf(arena, "[K%03d]", rule));
        bool explained = holds(text, arena_printf(arena, "| K%03d |", rule));

        cr_expect(told == explained, "K%03d: broken by a file %d, explained %d", rule, told,
                  explained);
        rules += told;
    }
    cr_assert(rules > 55, "only %zu rules", rules);
    buf_release(&all);
    arena_free(arena);
}
