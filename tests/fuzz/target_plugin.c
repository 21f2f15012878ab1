/* Any bytes as a plugin's file: read, compiled, checked alone and beside the procedures that it may
 * open; what is told of it, and that its canonical JSON makes the same procedure. */
#include "base/json.h"
#include "base/utf8.h"
#include "conf/check_spawn.h"
#include "conf/plugin.h"
#include "conf/plugin_check.h"
#include "conf/yaml.h"

#include "fuzz_target.h"
#include "plugin_world.h"

#include <string.h>

#define FILE_NAME "plugin.yaml"
#define TOLD_MAX (1 << 20)
#define JSON_DEPTH 64
#define JSON_EVERY 8 /* bytes of input: writing is half of the time */
#define JSON_BELOW                                                                                 \
    '4' /* of the first digit of the SHA-256: one of four is compiled from JSON too */

static struct plugin_world world;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    plugin_world_load(&world);
    return 0;
}

static bool numbered(const char *text)
{
    const char *open = strrchr(text, '[');

    return open != NULL && strlen(open) == 6 && open[1] == 'K' && open[5] == ']' &&
           strspn(open + 2, "0123456789") == 3;
}

static void told_as_json(struct conf_errors *errors)
{
    struct buf json = BUF_INIT(TOLD_MAX);
    struct jw jw = JW_INIT(&json);

    conf_errors_json(&jw, errors);
    FUZZ_MUST(!json.overflow && utf8_valid(buf_slice(&json)), "bad JSON: %s", json.ptr);
    buf_release(&json);
}

/* Every fault has its place and its rule, in sound UTF-8, and the list can be printed. */
static void told_well(struct conf_errors *errors)
{
    struct buf text = BUF_INIT(TOLD_MAX);

    conf_errors_write(&text, errors);
    for (size_t i = 0; i < errors->count; i++) {
        const struct conf_error_item *item = &errors->items[i];

        FUZZ_MUST(utf8_valid(slice_str(item->text)), "not UTF-8: %s", item->text);
        FUZZ_MUST(item->line == 0 || item->column > 0, "no column: %s", item->text);
        FUZZ_MUST(numbered(item->text) || strstr(item->text, "không đọc được: ") != NULL,
                  "no rule: %s", item->text);
    }
    FUZZ_MUST(!text.overflow, "too much is told");
    buf_release(&text);
}

static void same_from_json(struct arena *arena, const struct procedure *procedure)
{
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct slice text = procedure_canonical(arena, procedure->source);
    struct json_error error = {0, 0, ""};
    struct procedure *second;
    struct value *tree;

    FUZZ_MUST(json_parse(arena, text, JSON_DEPTH, &tree, &error) == 0, "canonical JSON: %s",
              error.what);
    FUZZ_MUST(procedure_compile(arena, tree, FILE_NAME, &errors, &second) == 0, "from JSON: %s",
              errors.count > 0 ? errors.items[0].text : "nothing is told");
    FUZZ_MUST(strcmp(procedure->sha256, second->sha256) == 0, "from JSON: another SHA-256");
    FUZZ_MUST(procedure->step_count == second->step_count &&
                  procedure->field_count == second->field_count &&
                  procedure->start == second->start,
              "from JSON: another procedure");
}

static bool read(struct arena *arena, struct slice text, struct conf_errors *errors,
                 struct procedure **ret)
{
    struct value *tree = NULL;

    return conf_yaml_read(arena, FILE_NAME, text, errors, &tree) == 0 &&
           plugin_expand(arena, tree, FILE_NAME, WORLD_DIR, errors) == 0 &&
           procedure_compile(arena, tree, FILE_NAME, errors, ret) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct procedure *procedure = NULL;
    bool sound = read(arena, (struct slice){(const char *)data, size}, &errors, &procedure);

    if (sound) {
        FUZZ_MUST(conf_errors_total(&errors) == 0, "used although %s", errors.items[0].text);
        if (procedure->sha256[0] < JSON_BELOW)
            same_from_json(arena, procedure);
        sound = procedure_check(procedure, world.agencies, FILE_NAME, &errors);
        world.procedures[0] = procedure;
        sound = check_spawns(&(struct spawn_world){world.procedures, world.files, world.count,
                                                   world.agencies, true},
                             0, &errors) &&
                sound;
    }
    FUZZ_MUST(sound == (conf_errors_total(&errors) == 0), "%s",
              sound ? errors.items[0].text : "refused without a word");
    told_well(&errors);
    if (size % JSON_EVERY == 0)
        told_as_json(&errors);
    arena_free(arena);
    return 0;
}
