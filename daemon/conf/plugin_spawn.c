#include "conf/plugin_spawn.h"

#include <string.h>

#include "conf/plugin_head.h"

struct raw_spawn {
    const char *procedure, *as, *agency, *case_id;
    struct expr *when;
    const struct value *form, *documents;
};

static const struct schema_key source_text = {.name = "form", .type = SCHEMA_TEXT};
static const struct schema_key source_number = {.name = "form", .type = SCHEMA_REAL};
static const struct schema_key source_bool = {.name = "form", .type = SCHEMA_BOOL};
static const struct schema_shape text_shape = {.kind = SHAPE_VALUE, .value = &source_text};
static const struct schema_shape number_shape = {.kind = SHAPE_VALUE, .value = &source_number};
static const struct schema_shape bool_shape = {.kind = SHAPE_VALUE, .value = &source_bool};
static const struct schema_shape *const source_either[] = {&text_shape, &number_shape, &bool_shape,
                                                           NULL};
static const struct schema_shape source_shape = {.kind = SHAPE_EITHER, .either = source_either};
static const struct schema_shape fields_shape = {.kind = SHAPE_MAP, .item = &source_shape};
static const struct schema_shape papers_shape = {.kind = SHAPE_MAP, .item = &text_shape};

#define AT(field) offsetof(struct raw_spawn, field)
static const struct schema_key spawn_keys[] = {
    {"spawn", SCHEMA_CODE, true, AT(procedure), 8, 8, .shape = &plugin_code_shape},
    {"as", SCHEMA_ID, false, AT(as)},
    {"agency", SCHEMA_ID, false, AT(agency)},
    {"case", SCHEMA_ID, false, AT(case_id)},
    {"when", SCHEMA_EXPR, false, AT(when)},
    {"form", SCHEMA_MAP, false, AT(form), .shape = &fields_shape},
    {"documents", SCHEMA_MAP, false, AT(documents), .shape = &papers_shape},
};
#undef AT
const struct schema_shape plugin_spawn_shape = {SHAPE_OF_KEYS("spawn", spawn_keys)};

/* Text in double quotes inside the text is itself, as in conditions; any other text is a path. */
static bool literal(struct slice text)
{
    return text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"';
}

static void read_field(struct plugin_reader *reader, const struct value_member *member,
                       struct spawn_source *ret)
{
    const struct value *value = member->value;

    ret->target = member->key.ptr;
    if (value->kind == VALUE_BOOL || value->kind == VALUE_INT || value->kind == VALUE_REAL)
        ret->constant = value;
    else if (value->kind == VALUE_STRING && literal(value->string))
        ret->constant =
            value_string(reader->schema.arena, slice_sub(value->string, 1, value->string.len - 2));
    else if (value->kind == VALUE_STRING && value->string.len > 0)
        ret->path = value->string.ptr;
    else
        schema_fault(&reader->schema, value,
                     "\"spawn\", trường \"%s\": cần một nguồn như form.child_name, applicant.name, "
                     "result.number, hoặc một giá trị: số, true, chữ trong ngoặc kép như '\"con\"' "
                     "[K022]",
                     member->key.ptr);
}

static void read_paper(struct plugin_reader *reader, const struct value_member *member,
                       struct spawn_source *ret)
{
    ret->target = member->key.ptr;
    if (member->value->kind == VALUE_STRING && member->value->string.len > 0)
        ret->path = member->value->string.ptr;
    else
        schema_fault(
            &reader->schema, member->value,
            "\"spawn\", giấy tờ \"%s\": cần tên một giấy tờ của thủ tục này, hoặc \"result\" "
            "(kết quả của hồ sơ này) [K022]",
            member->key.ptr);
}

static struct spawn_source *sources(struct plugin_reader *reader, const struct value *map,
                                    void (*read)(struct plugin_reader *reader,
                                                 const struct value_member *member,
                                                 struct spawn_source *ret),
                                    size_t *ret_count)
{
    size_t count = value_count(map);
    struct spawn_source *list;

    if (count > PLUGIN_SPAWN_VALUES_MAX) {
        schema_fault(&reader->schema, map, "\"spawn\": nhiều nhất %d mục [K023]",
                     PLUGIN_SPAWN_VALUES_MAX);
        return NULL;
    }
    list = ARENA_ARRAY(reader->schema.arena, struct spawn_source, count + 1);
    for (size_t i = 0; i < count; i++)
        read(reader, &map->map.members[i], &list[i]);
    *ret_count = count;
    return list;
}

void plugin_read_spawn(struct plugin_reader *reader, const struct value *map, struct effect *ret)
{
    struct spawn *spawn = ARENA_NEW(reader->schema.arena, struct spawn);
    struct raw_spawn raw = {NULL};

    ret->kind = EFFECT_SPAWN;
    ret->spawn = spawn;
    if (!SCHEMA_READ(&reader->schema, map, "\"spawn\"", spawn_keys, &raw))
        return;
    if (!plugin_code_ok(slice_str(raw.procedure)))
        schema_fault(&reader->schema, value_get(map, "spawn"),
                     "\"spawn\": mã thủ tục \"%s\" sai dạng, cần \"d.dddddd\" [K025]",
                     raw.procedure);
    spawn->procedure = raw.procedure;
    spawn->as = raw.as != NULL ? raw.as : raw.procedure;
    if (raw.agency != NULL && strcmp(raw.agency, "competent") != 0)
        spawn->agency_role = raw.agency;
    spawn->case_id = raw.case_id;
    spawn->when = raw.when;
    spawn->source = map;
    spawn->fields = sources(reader, raw.form, read_field, &spawn->field_count);
    spawn->papers = sources(reader, raw.documents, read_paper, &spawn->paper_count);
}
