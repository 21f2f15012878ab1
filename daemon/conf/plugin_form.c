#include "conf/plugin_form.h"

#include <string.h>

#include "conf/plugin_pattern.h"
#include "core/format.h"

static const struct schema_word type_words[] = {{"text", FIELD_TEXT},
                                                {"textarea", FIELD_TEXTAREA},
                                                {"integer", FIELD_INTEGER},
                                                {"number", FIELD_NUMBER},
                                                {"boolean", FIELD_BOOLEAN},
                                                {"date", FIELD_DATE},
                                                {"select", FIELD_SELECT},
                                                {"multi", FIELD_MULTI},
                                                {"phone", FIELD_PHONE},
                                                {"citizen_id", FIELD_CITIZEN_ID},
                                                {"email", FIELD_EMAIL},
                                                {"tax_code", FIELD_TAX_CODE},
                                                {"commune", FIELD_COMMUNE},
                                                {"money", FIELD_MONEY},
                                                {NULL, 0}};

const char *plugin_fill_word(int index)
{
    static const char *const paths[] = {"applicant.name",
                                        "applicant.id_number",
                                        "applicant.phone",
                                        "applicant.email",
                                        "applicant.address.province",
                                        "applicant.address.commune",
                                        "applicant.address.line",
                                        NULL};

    return paths[index];
}

static const struct schema_key option_keys[] = {
    {"value", SCHEMA_TEXT, true, offsetof(struct field_option, value), 1, 100},
    {"label", SCHEMA_TEXT, true, offsetof(struct field_option, label), 1, 300},
};
static const struct schema_key option_word = {"options", SCHEMA_TEXT, true, 0, 1, 100};
static const struct schema_shape option_map = {SHAPE_OF_KEYS("option", option_keys)};
static const struct schema_shape option_text = {.kind = SHAPE_VALUE, .value = &option_word};
static const struct schema_shape *const option_either[] = {&option_map, &option_text, NULL};
static const struct schema_shape option_shape = {.kind = SHAPE_EITHER, .either = option_either};
static const struct schema_shape options_shape = {
    .kind = SHAPE_LIST, .item = &option_shape, .max = PLUGIN_OPTIONS_MAX};
static const struct schema_key bound_key = {.name = "min", .type = SCHEMA_REAL};
static const struct schema_shape bound_shape = {.kind = SHAPE_VALUE, .value = &bound_key};
static const struct schema_shape fill_shape = {.kind = SHAPE_WORDS, .word = plugin_fill_word};

struct raw_field {
    const char *id, *label, *hint, *pattern, *fill;
    int type, min_length, max_length;
    bool required, not_future;
    struct expr *required_if, *show_if;
    const struct value *min, *max, *options;
    day_t min_date, max_date;
};

#define AT(field) offsetof(struct raw_field, field)
static const struct schema_key field_keys[] = {
    {"id", SCHEMA_ID, true, AT(id)},
    {"label", SCHEMA_TEXT, true, AT(label), 1, 300},
    {"hint", SCHEMA_TEXT, false, AT(hint), 1, 500},
    {"type", SCHEMA_WORD, true, AT(type), .words = type_words},
    {"required", SCHEMA_BOOL, false, AT(required)},
    {"required_if", SCHEMA_EXPR, false, AT(required_if)},
    {"show_if", SCHEMA_EXPR, false, AT(show_if)},
    {"min", SCHEMA_ANY, false, AT(min), .shape = &bound_shape},
    {"max", SCHEMA_ANY, false, AT(max), .shape = &bound_shape},
    {"min_length", SCHEMA_INT32, false, AT(min_length), 1, 10000},
    {"max_length", SCHEMA_INT32, false, AT(max_length), 1, 10000},
    {"pattern", SCHEMA_TEXT, false, AT(pattern), 1, 300},
    {"min_date", SCHEMA_DAY, false, AT(min_date)},
    {"max_date", SCHEMA_DAY, false, AT(max_date)},
    {"not_future", SCHEMA_BOOL, false, AT(not_future)},
    {"options", SCHEMA_LIST, false, AT(options), .shape = &options_shape},
    {"fill", SCHEMA_TEXT, false, AT(fill), 1, 60, .shape = &fill_shape},
};
#undef AT
static const struct schema_shape field_shape = {SHAPE_OF_KEYS("field", field_keys)};
const struct schema_shape plugin_form_shape = {
    .kind = SHAPE_LIST, .item = &field_shape, .max = PLUGIN_FIELDS_MAX};

static bool type_is(enum field_type type, enum field_type a, enum field_type b, enum field_type c)
{
    return type == a || type == b || type == c;
}

static void bound(struct plugin_reader *reader, const struct value *value, const char *name,
                  enum field_type type, bool *ret_has, double *ret)
{
    if (value == NULL)
        return;
    if (!type_is(type, FIELD_INTEGER, FIELD_NUMBER, FIELD_MONEY)) {
        schema_fault(&reader->schema, value,
                     "\"%s\" chỉ dùng cho kiểu integer, number, money; chữ dùng %s_length, ngày "
                     "dùng %s_date [K022]",
                     name, name, name);
        return;
    }
    if (value->kind != VALUE_INT && (value->kind != VALUE_REAL || type != FIELD_NUMBER)) {
        schema_fault(&reader->schema, value, "\"%s\": cần %s, ở đây là %s [K022]", name,
                     type == FIELD_NUMBER ? "một số" : "số nguyên",
                     schema_found(reader->schema.arena, value));
        return;
    }
    *ret = value->kind == VALUE_INT ? (double)value->integer : value->real;
    *ret_has = true;
}

static bool option_read(struct plugin_reader *reader, const struct value *value,
                        struct field_option *option)
{
    if (value->kind == VALUE_MAP)
        return SCHEMA_READ(&reader->schema, value, "lựa chọn", option_keys, option);
    if (!schema_value(&reader->schema, value, &option_word, &option->value))
        return false;
    option->label = option->value;
    return true;
}

static void options(struct plugin_reader *reader, const struct value *at, const struct value *list,
                    struct field *field)
{
    bool wants = field->type == FIELD_SELECT || field->type == FIELD_MULTI;
    size_t count = value_count(list);

    if (wants != (count > 0)) {
        schema_fault(&reader->schema, list != NULL ? list : at,
                     wants ? "trường \"%s\": kiểu chọn cần ít nhất một lựa chọn trong \"options\" "
                             "[K021]"
                           : "trường \"%s\": \"options\" chỉ dùng cho kiểu select và multi [K022]",
                     field->id == NULL ? "" : field->id);
        return;
    }
    if (count > PLUGIN_OPTIONS_MAX) {
        schema_fault(&reader->schema, list, "\"options\": nhiều nhất %d lựa chọn [K023]",
                     PLUGIN_OPTIONS_MAX);
        return;
    }
    field->options = ARENA_ARRAY(reader->schema.arena, struct field_option, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (option_read(reader, value_at(list, i), &field->options[i]))
            plugin_unique(reader, value_at(list, i), "lựa chọn", field->options[i].value,
                          &field->options[0].value, sizeof(field->options[0]), i);
    }
    field->option_count = count;
}

static void ranges(struct plugin_reader *reader, const struct value *map, const struct field *field)
{
    bool text = type_is(field->type, FIELD_TEXT, FIELD_TEXTAREA, FIELD_TEXT);

    if (field->has_min && field->has_max && field->min > field->max)
        schema_fault_key(&reader->schema, map, "min",
                         "\"min\" lớn hơn \"max\", không giá trị nào đúng [K023]");
    if (field->min_length > 0 && field->max_length > 0 && field->min_length > field->max_length)
        schema_fault_key(&reader->schema, map, "min_length",
                         "\"min_length\" lớn hơn \"max_length\" [K023]");
    if (!day_is_none(field->min_date) && !day_is_none(field->max_date) &&
        field->min_date.n > field->max_date.n)
        schema_fault_key(&reader->schema, map, "min_date", "\"min_date\" sau \"max_date\" [K023]");
    if (!text && (field->min_length > 0 || field->max_length > 0 || field->pattern != NULL))
        schema_fault(&reader->schema, map,
                     "\"min_length\", \"max_length\", \"pattern\" chỉ dùng cho kiểu text và "
                     "textarea [K022]");
    if (field->type != FIELD_DATE &&
        (!day_is_none(field->min_date) || !day_is_none(field->max_date) || field->not_future))
        schema_fault(&reader->schema, map,
                     "\"min_date\", \"max_date\", \"not_future\" chỉ dùng cho kiểu date [K022]");
    if (field->required && field->required_if != NULL)
        schema_fault_key(&reader->schema, map, "required_if",
                         "đã có \"required: true\" thì bỏ \"required_if\" [K022]");
}

static void read_field(struct plugin_reader *reader, const struct value *map, struct field *field)
{
    struct raw_field raw = {.type = -1, .min_date = DAY_NONE, .max_date = DAY_NONE};

    /* Without its type nothing more can be said of it. */
    if (!SCHEMA_READ(&reader->schema, map, "trường của biểu mẫu", field_keys, &raw) &&
        (raw.id == NULL || raw.type < 0))
        return;
    *field = (struct field){.id = raw.id,
                            .label = raw.label,
                            .hint = raw.hint,
                            .type = (enum field_type)raw.type,
                            .required = raw.required,
                            .required_if = raw.required_if,
                            .show_if = raw.show_if,
                            .min_length = raw.min_length,
                            .max_length = raw.max_length,
                            .pattern = raw.pattern,
                            .min_date = raw.min_date,
                            .max_date = raw.max_date,
                            .not_future = raw.not_future,
                            .fill = raw.fill};
    bound(reader, raw.min, "min", field->type, &field->has_min, &field->min);
    bound(reader, raw.max, "max", field->type, &field->has_max, &field->max);
    options(reader, map, raw.options, field);
    plugin_pattern(reader, map, field);
    ranges(reader, map, field);
}

static bool within(struct plugin_reader *reader, const struct value *list, const char *name,
                   size_t max)
{
    if (value_count(list) <= max)
        return true;
    schema_fault(&reader->schema, list, "\"%s\": nhiều nhất %zu mục [K023]", name, max);
    return false;
}

void plugin_read_form(struct plugin_reader *reader, const struct value *list)
{
    struct procedure *procedure = reader->procedure;
    size_t count = value_count(list);

    if (!within(reader, list, "form", PLUGIN_FIELDS_MAX))
        return;
    procedure->form = ARENA_ARRAY(reader->schema.arena, struct field, count + 1);
    for (size_t i = 0; i < count; i++) {
        read_field(reader, value_at(list, i), &procedure->form[i]);
        plugin_unique(reader, value_at(list, i), "trường", procedure->form[i].id,
                      &procedure->form[0].id, sizeof(procedure->form[0]), i);
    }
    procedure->field_count = count;
}

struct raw_paper {
    struct paper paper;
    struct schema_texts cases, formats, reuse;
};

static const char *format_word(int index)
{
    size_t count;
    const struct file_format *all = formats_all(&count);

    return (size_t)index < count ? all[index].word : NULL;
}

static const struct schema_shape format_shape = {.kind = SHAPE_WORDS, .word = format_word};
static const struct schema_shape format_list = {.kind = SHAPE_LIST, .item = &format_shape};
static const struct schema_shape *const format_either[] = {&format_list, &format_shape, NULL};
static const struct schema_shape formats_shape = {.kind = SHAPE_EITHER, .either = format_either};

#define AT(field) offsetof(struct raw_paper, field)
static const struct schema_key paper_keys[] = {
    {"id", SCHEMA_ID, true, AT(paper.id)},
    {"name", SCHEMA_TEXT, true, AT(paper.name), 2, 1000},
    {"original", SCHEMA_INT32, false, AT(paper.original), 0, 20},
    {"certified", SCHEMA_INT32, false, AT(paper.certified), 0, 20},
    {"photo", SCHEMA_INT32, false, AT(paper.photo), 0, 20},
    {"required", SCHEMA_BOOL, false, AT(paper.required)},
    {"required_if", SCHEMA_EXPR, false, AT(paper.required_if)},
    {"cases", SCHEMA_TEXTS, false, AT(cases), 1, 40},
    {"formats", SCHEMA_TEXTS, false, AT(formats), 2, 5, .shape = &formats_shape},
    {"max_mb", SCHEMA_INT32, false, AT(paper.max_mb), 1, 100},
    {"reuse", SCHEMA_CODES, false, AT(reuse), 3, 40},
};
#undef AT
static const struct schema_shape paper_shape = {SHAPE_OF_KEYS("paper", paper_keys)};
const struct schema_shape plugin_papers_shape = {
    .kind = SHAPE_LIST, .item = &paper_shape, .max = PLUGIN_PAPERS_MAX};

static void formats(struct plugin_reader *reader, const struct value *map,
                    const struct schema_texts *names)
{
    for (size_t i = 0; i < names->count; i++) {
        if (format_of_word(slice_str(names->items[i])) == NULL)
            schema_fault_key(&reader->schema, map, "formats",
                             "\"formats\": không nhận định dạng \"%s\"; được dùng: pdf, jpg, jpeg, "
                             "png, tif, tiff, doc, docx, xls, xlsx, odt, ods, txt, xml, dwg, dxf, "
                             "zip, mp4 [K024]",
                             names->items[i]);
    }
}

void plugin_read_papers(struct plugin_reader *reader, const struct value *list)
{
    struct procedure *procedure = reader->procedure;
    size_t count = value_count(list);

    if (!within(reader, list, "documents", PLUGIN_PAPERS_MAX))
        return;
    procedure->papers = ARENA_ARRAY(reader->schema.arena, struct paper, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct raw_paper raw = {.paper = {.max_mb = 20}};
        const struct value *map = value_at(list, i);

        SCHEMA_READ(&reader->schema, map, "giấy tờ", paper_keys, &raw);
        formats(reader, map, &raw.formats);
        raw.paper.cases = raw.cases.items;
        raw.paper.case_count = raw.cases.count;
        raw.paper.formats = raw.formats.items;
        raw.paper.format_count = raw.formats.count;
        raw.paper.reuse = raw.reuse.items;
        raw.paper.reuse_count = raw.reuse.count;
        procedure->papers[i] = raw.paper;
        plugin_unique(reader, map, "giấy tờ", raw.paper.id, &procedure->papers[0].id,
                      sizeof(procedure->papers[0]), i);
    }
    procedure->paper_count = count;
}
