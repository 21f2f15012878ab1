#include "plugin_world.h"

#include "conf/agency_load.h"
#include "conf/plugin.h"
#include "conf/plugin_check.h"

#include "fuzz_target.h"

#include <stdlib.h>
#include <string.h>

#define SHARED_MAX 32

static struct arena *lasting;
static struct conf_errors errors;
static const char *root;

static struct {
    const char *name;
    struct slice text;
} shared[SHARED_MAX];
static size_t shared_count;

/* The linker puts this in the place of conf_file_read (--wrap), so that the readers under test stay
 * as they are and still touch no file. */
int __real_conf_file_read(struct arena *arena, const char *path, const char *file, size_t max,
                          struct conf_errors *told, struct slice *ret);
int __wrap_conf_file_read(struct arena *arena, const char *path, const char *file, size_t max,
                          struct conf_errors *told, struct slice *ret);

int __wrap_conf_file_read(struct arena *arena, const char *path, const char *file, size_t max,
                          struct conf_errors *told, struct slice *ret)
{
    size_t prefix = strlen(WORLD_DIR);

    if (strncmp(path, WORLD_DIR, prefix) != 0)
        return __real_conf_file_read(arena, path, file, max, told, ret);
    for (size_t i = 0; i < shared_count; i++) {
        if (strcmp(shared[i].name, path + prefix + 1) == 0) {
            *ret = shared[i].text;
            return 0;
        }
    }
    conf_error(told, file, 0, 0, "không đọc được: không có tệp này");
    return CONF_E_BAD;
}

static const char *below(const char *path)
{
    return arena_printf(lasting, "%s/%s", root, path);
}

static void list(const char *folder, const char ***names, size_t *count)
{
    FUZZ_MUST(
        conf_folder_list(lasting, below(folder), folder, ".yaml", 1000, &errors, names, count) == 0,
        "%s cannot be read", folder);
}

static void load_shared(const char *folder)
{
    const char **names;
    size_t count;

    list(folder, &names, &count);
    for (size_t i = 0; i < count; i++) {
        FUZZ_MUST(shared_count < SHARED_MAX, "too many shared workflows");
        shared[shared_count].name = names[i];
        FUZZ_MUST(__real_conf_file_read(lasting, conf_path(lasting, below(folder), names[i]),
                                        names[i], 1 << 20, &errors,
                                        &shared[shared_count++].text) == 0,
                  "%s cannot be read", names[i]);
    }
}

static void load_agencies(struct plugin_world *world)
{
    struct agency_loader *loader = agency_loader_new(lasting, &errors);
    struct agency_tree *tree;

    FUZZ_MUST(agency_loader_file(loader, below("config/agencies/haiphong.yaml"), "haiphong.yaml") ==
                      0 &&
                  agency_loader_finish(loader, NULL, &tree) == 0,
              "no agencies");
    world->agencies = tree;
}

static void load_partner(struct plugin_world *world, const char *folder, const char *name)
{
    const char *path = conf_path(lasting, below(folder), name);
    struct value *tree;

    FUZZ_MUST(world->count < WORLD_PARTNERS_MAX, "too many procedures");
    world->files[world->count] = name;
    FUZZ_MUST(plugin_load(lasting, path, name, WORLD_DIR, &errors, &tree) == 0 &&
                  procedure_compile(lasting, tree, name, &errors,
                                    &world->procedures[world->count]) == 0 &&
                  procedure_check(world->procedures[world->count], world->agencies, name, &errors),
              "%s is not sound", path);
    world->count++;
}

void plugin_world_load(struct plugin_world *world)
{
    const char **names;
    size_t count;

    root = getenv("DVC_SOURCE_ROOT");
    FUZZ_MUST(root != NULL, "DVC_SOURCE_ROOT is not set");
    lasting = arena_new();
    errors = CONF_ERRORS_INIT(lasting);
    load_shared("plugins/workflows");
    load_shared("tests/unit/conf/workflows");
    load_agencies(world);
    world->files[0] = "plugin.yaml";
    world->count = 1;
    load_partner(world, "tests/unit/conf/partners", "9.000002.yaml");
    load_partner(world, "tests/unit/conf/partners", "9.000003.yaml");
    list("plugins/procedures", &names, &count);
    for (size_t i = 0; i < count; i++)
        load_partner(world, "plugins/procedures", names[i]);
}
