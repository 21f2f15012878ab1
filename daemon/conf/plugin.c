#include "conf/plugin.h"

#include <string.h>

#include "base/utf8.h"
#include "conf/plugin_flow.h"
#include "conf/plugin_form.h"
#include "conf/plugin_head.h"
#include "conf/shared_workflow.h"
#include "conf/yaml.h"

const char *plugin_workflow_file(struct arena *arena, const char *file, const char *use,
                                 int64_t version)
{
    const char *folder = conf_dirname(arena, file);
    const char *above = conf_dirname(arena, folder);

    if (strcmp(folder, ".") == 0)
        return arena_printf(arena, "../workflows/%s-%lld.yaml", use, (long long)version);
    if (strcmp(above, ".") == 0 && strchr(folder, '/') == NULL)
        return arena_printf(arena, "workflows/%s-%lld.yaml", use, (long long)version);
    return arena_printf(arena, "%s/workflows/%s-%lld.yaml", above, use, (long long)version);
}

void plugin_named(struct arena *arena, const struct value *tree, const char *file,
                  struct conf_errors *errors)
{
    const char *code = value_get_str(tree, "procedure");
    const struct value *at = value_get(tree, "procedure");

    if (code != NULL && strcmp(conf_basename(file), arena_printf(arena, "%s.yaml", code)) != 0)
        conf_error(errors, file, at->line, at->column,
                   "thủ tục \"%s\" phải ở tệp mang tên \"%s.yaml\" [K105]", code, code);
}

/* The order in which people wrote a map is kept beside it: canonical JSON sorts members, and the
 * order of steps and of buttons must be the same from either. */
static void keep_order(struct arena *arena, struct value *holder, const struct value *map)
{
    struct value *order;

    if (map == NULL || map->kind != VALUE_MAP || value_get(holder, "order") != NULL)
        return;
    order = value_new(arena, VALUE_LIST);
    order->line = map->line;
    order->column = map->column;
    for (size_t i = 0; i < map->map.count; i++)
        value_append(arena, order, value_string(arena, map->map.members[i].key));
    value_set(arena, holder, "order", order);
}

void plugin_keep_orders(struct arena *arena, struct value *workflow)
{
    const struct value *steps = value_get(workflow, "steps");

    if (steps == NULL || steps->kind != VALUE_MAP)
        return;
    keep_order(arena, workflow, steps);
    for (size_t i = 0; i < steps->map.count; i++) {
        struct value *step = steps->map.members[i].value;

        if (step->kind == VALUE_MAP)
            keep_order(arena, step, value_get(step, "actions"));
    }
}

static const struct schema_shape shared_name_shape = {.kind = SHAPE_TEXT,
                                                      .pattern = "^[a-z0-9][a-z0-9-]{0,59}$"};

struct raw_shared {
    int dvc, version;
    const char *workflow, *name, *start;
    const struct value *steps;
};

#define AT(field) offsetof(struct raw_shared, field)
static const struct schema_key shared_keys[] = {
    {"dvc", SCHEMA_INT32, true, AT(dvc), 1, 1},
    {"workflow", SCHEMA_TEXT, true, AT(workflow), 1, 60, .shape = &shared_name_shape},
    {"version", SCHEMA_INT32, true, AT(version), 1, 100000},
    {"name", SCHEMA_TEXT, true, AT(name), 2, 200},
    {"start", SCHEMA_ID, true, AT(start)},
    {"steps", SCHEMA_MAP, true, AT(steps), .shape = &plugin_steps_shape},
};
#undef AT
const struct schema_shape plugin_shared_shape = {SHAPE_OF_KEYS("shared", shared_keys)};

/* The head of a shared workflow's file must say what its name says. */
static bool shared_head(struct schema_reader *reader, const struct value *tree, const char *use,
                        int version)
{
    struct raw_shared raw = {0};

    if (!SCHEMA_READ(reader, tree, "quy trình dùng chung", shared_keys, &raw))
        return false;
    if (strcmp(raw.workflow, use) != 0)
        schema_fault_key(reader, tree, "workflow",
                         "quy trình dùng chung tên \"%s\" nhưng tệp mang tên \"%s\" [K105]",
                         raw.workflow, use);
    if (raw.version != version)
        schema_fault_key(reader, tree, "version",
                         "quy trình dùng chung có phiên bản %d nhưng tệp mang số %d [K105]",
                         raw.version, version);
    return reader->faults == 0;
}

int plugin_shared_read(struct arena *arena, struct slice text, const char *file, const char *use,
                       int version, struct conf_errors *errors, struct value **ret_tree)
{
    struct schema_reader reader = {.arena = arena, .errors = errors, .file = file, .whole = true};
    struct value *tree;

    if (conf_yaml_read(arena, file, text, errors, &tree) != 0 ||
        !shared_head(&reader, tree, use, version))
        return CONF_E_BAD;
    plugin_keep_orders(arena, tree);
    *ret_tree = tree;
    return 0;
}

/* The map alone, what it holds stays shared. */
static struct value *copy_map(struct arena *arena, const struct value *map)
{
    struct value *copy = value_new(arena, VALUE_MAP);

    *copy = *map;
    copy->map.cap = map->map.count;
    copy->map.members = ARENA_ARRAY(arena, struct value_member, map->map.count + 1);
    if (map->map.count > 0)
        memcpy(copy->map.members, map->map.members, map->map.count * sizeof(*map->map.members));
    return copy;
}

/* `limits: {appraise: 2 working_days}` beside `use`: one shared workflow, each procedure's own
 * time. */
static void apply_limits(struct schema_reader *reader, struct arena *arena,
                         const struct value *limits, struct value *steps)
{
    struct plugin_reader checks = {.schema = *reader};
    struct limit unused[CHANNEL_SLOTS];

    for (size_t i = 0; i < value_count(limits); i++) {
        const struct value_member *member = &limits->map.members[i];
        struct value *step = value_get_slice(steps, member->key);

        if (step == NULL || step->kind != VALUE_MAP) {
            reader->faults++;
            conf_error(reader->errors, reader->file, member->line, member->column,
                       "\"limits\": quy trình dùng chung không có bước \"%s\" [K101]",
                       member->key.ptr);
            continue;
        }
        /* Proved here, where the place is known; below it would be told of the shared file. */
        plugin_limits(&checks, member->value, member->key.ptr, unused);
        step = copy_map(arena, step);
        value_set(arena, step, "limit", member->value);
        value_set(arena, steps, member->key.ptr, step);
    }
    reader->faults += checks.schema.faults;
}

struct raw_use {
    const char *use;
    int version;
    const struct value *limits;
};

static const struct schema_shape use_limits_shape = {.kind = SHAPE_MAP,
                                                     .item = &plugin_limits_shape};
#define AT(field) offsetof(struct raw_use, field)
static const struct schema_key use_keys[] = {
    {"use", SCHEMA_TEXT, true, AT(use), 1, 60, .shape = &shared_name_shape},
    {"version", SCHEMA_INT32, true, AT(version), 1, 100000},
    {"limits", SCHEMA_MAP, false, AT(limits), .shape = &use_limits_shape},
};
#undef AT
const struct schema_shape plugin_use_shape = {SHAPE_OF_KEYS("use", use_keys)};

static bool name_ok(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '-'))
            return false;
    }
    return name[0] != '\0' && name[0] != '-';
}

/* Where shared workflows are found: on the shelf of a generation, or each time in the folder. */
struct workflow_source {
    struct workflow_shelf *shelf;
    const char *dir;
    struct shared_workflow *used; /* from the shelf */
};

static const struct value *find_shared(struct schema_reader *reader, struct workflow_source *from,
                                       const struct raw_use *raw)
{
    struct arena *arena = reader->arena;
    const char *file = plugin_workflow_file(arena, reader->file, raw->use, raw->version);
    struct value *tree;
    struct slice text;

    if (from->shelf != NULL) {
        from->used = workflow_shelf_get(from->shelf, raw->use, raw->version, file, reader->errors);
        return from->used != NULL ? from->used->tree : NULL;
    }
    if (conf_file_read(arena,
                       arena_printf(arena, "%s/%s-%d.yaml", from->dir, raw->use, raw->version),
                       file, CONF_YAML_MAX_BYTES, reader->errors, &text) != 0 ||
        plugin_shared_read(arena, text, file, raw->use, raw->version, reader->errors, &tree) != 0)
        return NULL;
    return tree;
}

static int expand_use(struct schema_reader *reader, struct value *tree, struct value *workflow,
                      struct workflow_source *from)
{
    struct arena *arena = reader->arena;
    struct raw_use raw = {NULL, 0, NULL};
    const struct value *other;
    struct value *whole, *steps;

    if (!SCHEMA_READ(reader, workflow, "\"workflow\"", use_keys, &raw))
        return CONF_E_BAD;
    if (!name_ok(raw.use)) {
        schema_fault_key(reader, workflow, "use",
                         "\"use\": tên \"%s\" không hợp lệ, cần chữ thường không dấu, số và dấu "
                         "gạch nối [K022]",
                         raw.use);
        return CONF_E_BAD;
    }
    other = find_shared(reader, from, &raw);
    if (other == NULL) {
        schema_fault_key(reader, workflow, "use",
                         "không dùng được quy trình dùng chung \"%s\" phiên bản %d [K105]", raw.use,
                         raw.version);
        return CONF_E_BAD;
    }
    steps = value_get(other, "steps");
    if (raw.limits != NULL) { /* the shared one stays as it is for the others */
        steps = copy_map(arena, steps);
        apply_limits(reader, arena, raw.limits, steps);
    }
    whole = value_new(arena, VALUE_MAP);
    whole->line = workflow->line;
    whole->column = workflow->column;
    value_set(arena, whole, "use", value_get(workflow, "use"));
    value_set(arena, whole, "version", value_get(workflow, "version"));
    value_set(arena, whole, "start", value_get(other, "start"));
    value_set(arena, whole, "steps", steps);
    value_set(arena, whole, "order", value_get(other, "order"));
    value_set(arena, tree, "workflow", whole);
    return reader->faults == 0 ? 0 : CONF_E_BAD;
}

static int expand(struct arena *arena, struct value *tree, const char *file,
                  struct workflow_source *from, struct conf_errors *errors)
{
    struct schema_reader reader = {.arena = arena, .errors = errors, .file = file, .whole = true};
    struct value *workflow = value_get(tree, "workflow");

    if (workflow != NULL && workflow->kind == VALUE_MAP && value_get(workflow, "use") != NULL)
        return expand_use(&reader, tree, workflow, from);
    plugin_keep_orders(arena, workflow);
    return 0;
}

int plugin_expand(struct arena *arena, struct value *tree, const char *file,
                  const char *workflow_dir, struct conf_errors *errors)
{
    struct workflow_source from = {.dir = workflow_dir};

    return expand(arena, tree, file, &from, errors);
}

int plugin_expand_shared(struct arena *arena, struct value *tree, const char *file,
                         struct workflow_shelf *shelf, struct conf_errors *errors,
                         struct shared_workflow **ret_used)
{
    struct workflow_source from = {.shelf = shelf};

    if (expand(arena, tree, file, &from, errors) != 0)
        return CONF_E_BAD;
    *ret_used = from.used;
    return 0;
}

int plugin_load(struct arena *arena, const char *path, const char *file, const char *workflow_dir,
                struct conf_errors *errors, struct value **ret_tree)
{
    struct value *tree;

    if (conf_yaml_load(arena, path, file, errors, &tree) != 0 ||
        plugin_expand(arena, tree, file, workflow_dir, errors) != 0)
        return CONF_E_BAD;
    *ret_tree = tree;
    return 0;
}

static void write_canonical(struct buf *buf, const struct value *tree)
{
    value_write(buf, tree, true);
    /* The tree came from two texts of at most 1 MiB each; an escape grows a byte at most sixfold.
     */
    DVC_REQUIRE(!buf->overflow);
}

static const char *folded(struct arena *arena, const char *name)
{
    struct slice text;

    return utf8_fold(arena, slice_str(name), &text) == 0 ? text.ptr : "";
}

int procedure_compile_keep(struct arena *arena, const struct value *tree, const char *file,
                           struct conf_errors *errors, struct buf *canonical,
                           struct procedure **ret)
{
    struct procedure *procedure = ARENA_NEW(arena, struct procedure);
    struct plugin_reader reader = {
        .schema = {.arena = arena, .errors = errors, .file = file, .whole = true},
        .procedure = procedure,
    };
    struct plugin_parts parts = {NULL, NULL, NULL};

    procedure->clock = CLOCK_RULE_DEFAULT;
    procedure->effective_from = procedure->effective_to = DAY_NONE;
    procedure->source = tree;
    plugin_read_head(&reader, tree, &parts);
    plugin_read_form(&reader, parts.form);
    plugin_read_papers(&reader, parts.documents);
    if (parts.workflow != NULL) {
        const char *use = value_get_str(parts.workflow, "use");

        if (use != NULL)
            reader.schema.file =
                plugin_workflow_file(arena, file, use, value_get_int(parts.workflow, "version", 0));
        plugin_read_flow(&reader, parts.workflow);
    }
    if (reader.schema.faults > 0)
        return CONF_E_BAD;
    procedure->name_folded = folded(arena, procedure->name);
    write_canonical(canonical, tree);
    sha256_hex(sha256_of(buf_slice(canonical)), procedure->sha256);
    *ret = procedure;
    return 0;
}

int procedure_compile(struct arena *arena, const struct value *tree, const char *file,
                      struct conf_errors *errors, struct procedure **ret)
{
    struct buf canonical = BUF_INIT(PLUGIN_CANONICAL_MAX);
    int r = procedure_compile_keep(arena, tree, file, errors, &canonical, ret);

    buf_release(&canonical);
    return r;
}

struct slice procedure_canonical(struct arena *arena, const struct value *tree)
{
    struct buf buf = BUF_INIT(PLUGIN_CANONICAL_MAX);
    struct slice text;

    write_canonical(&buf, tree);
    text = arena_slice(arena, buf_slice(&buf));
    buf_release(&buf);
    return text;
}

void procedure_sha256(struct arena *arena, const struct value *tree, char out[SHA256_HEX_SIZE])
{
    sha256_hex(sha256_of(procedure_canonical(arena, tree)), out);
}
