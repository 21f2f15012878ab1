#include "conf_fixture.h"

#include "conf/agency_load.h"
#include "conf/plugin.h"
#include "conf/yaml.h"

#include "dvc_test.h"

#include <stdlib.h>

const char *fixture_path(struct arena *arena, const char *path)
{
    const char *root = getenv("DVC_SOURCE_ROOT");

    cr_assert(root != NULL, "DVC_SOURCE_ROOT is not set");
    return arena_printf(arena, "%s/%s", root, path);
}

void fixture_no_errors(struct conf_errors *errors)
{
    struct buf told = BUF_INIT(1 << 20);

    conf_errors_write(&told, errors);
    cr_assert(conf_errors_total(errors) == 0, "%s", told.ptr);
    buf_release(&told);
}

const struct commune_list *fixture_communes(struct arena *arena)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct commune_list *list = NULL;
    int r = communes_load(arena, fixture_path(arena, "config/agencies/communes.tsv"),
                          "communes.tsv", &errors, &list);

    fixture_no_errors(&errors);
    cr_assert(r == 0);
    return list;
}

const struct agency_tree *fixture_agencies(struct arena *arena)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct agency_loader *loader = agency_loader_new(arena, &errors);
    struct agency_tree *tree = NULL;
    int r = agency_loader_file(loader, fixture_path(arena, "config/agencies/haiphong.yaml"),
                               "haiphong.yaml");

    fixture_no_errors(&errors);
    cr_assert(r == 0 && agency_loader_finish(loader, fixture_communes(arena), &tree) == 0);
    return tree;
}

struct value *fixture_yaml(struct arena *arena, const char *text)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct value *tree = NULL;
    int r = conf_yaml_read(arena, "text.yaml", slice_str(text), &errors, &tree);

    fixture_no_errors(&errors);
    cr_assert(r == 0);
    return tree;
}

struct value *fixture_plugin(struct arena *arena, const char *code)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct value *tree = NULL;
    const char *path = fixture_path(arena, arena_printf(arena, "plugins/procedures/%s.yaml", code));
    int r = plugin_load(arena, path, "plugin.yaml", fixture_path(arena, "plugins/workflows"),
                        &errors, &tree);

    fixture_no_errors(&errors);
    cr_assert(r == 0);
    return tree;
}

struct procedure *fixture_compile(struct arena *arena, const struct value *tree)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct procedure *procedure = NULL;
    int r = procedure_compile(arena, tree, "plugin.yaml", &errors, &procedure);

    fixture_no_errors(&errors);
    cr_assert(r == 0);
    return procedure;
}
