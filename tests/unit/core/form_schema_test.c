#include "core/form_schema.h"

#include "dvc_test.h"

static struct expr *condition(struct arena *arena, const char *text)
{
    struct expr *expr = NULL;
    struct expr_error error;

    cr_assert(expr_parse(arena, slice_str(text), &expr, &error) == 0, "%s", text);
    return expr;
}

/* The schema of one field that is asked for by `required_if` and shown by `show_if`. */
static char *schema_of(struct field field, const char *required_if, const char *show_if)
{
    struct arena *arena = arena_new();
    struct procedure procedure = {.form = &field, .field_count = 1};
    struct buf buf = BUF_INIT(100000);
    char *text;

    field.id = "x";
    field.label = "Nhãn";
    field.min_date = field.max_date = DAY_NONE;
    field.required_if = required_if != NULL ? condition(arena, required_if) : NULL;
    field.show_if = show_if != NULL ? condition(arena, show_if) : NULL;
    form_schema(&buf, &procedure);
    text = dvc_strdup(buf.ptr);
    buf_release(&buf);
    arena_free(arena);
    return text;
}

static void expect_part(char *schema, const char *part)
{
    cr_expect(strstr(schema, part) != NULL, "%s is not in %s", part, schema);
    free(schema);
}

DVC_TEST(form_schema, whole)
{
    char *schema = schema_of((struct field){.type = FIELD_TEXT, .required = true, .pattern = "a|b"},
                             NULL, NULL);

    DVC_EQ_STR(schema,
               "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\","
               "\"properties\":{\"x\":{\"title\":\"Nhãn\",\"type\":\"string\",\"x-type\":\"text\","
               "\"minLength\":1,\"maxLength\":255,\"pattern\":\"^(a|b)$\"}},\"required\":[\"x\"],"
               "\"additionalProperties\":false,\"allOf\":[]}");
    free(schema);
}

DVC_TEST(form_schema, types)
{
    static struct field_option options[] = {{"a", "Loại A"}, {"b", "Loại B"}};

    expect_part(
        schema_of(
            (struct field){
                .type = FIELD_INTEGER, .has_min = true, .min = 1, .has_max = true, .max = 60},
            NULL, NULL),
        "\"type\":\"integer\",\"x-type\":\"integer\",\"minimum\":1,\"maximum\":60}");
    expect_part(schema_of((struct field){.type = FIELD_MONEY}, NULL, NULL),
                "\"type\":\"integer\",\"x-type\":\"money\",\"minimum\":0}");
    expect_part(schema_of((struct field){.type = FIELD_BOOLEAN, .required = true}, NULL, NULL),
                "\"type\":\"boolean\",\"x-type\":\"boolean\",\"const\":true}");
    expect_part(
        schema_of((struct field){.type = FIELD_SELECT, .options = options, .option_count = 2}, NULL,
                  NULL),
        "\"oneOf\":[{\"const\":\"a\",\"title\":\"Loại A\"},{\"const\":\"b\"");
    expect_part(schema_of((struct field){.type = FIELD_MULTI,
                                         .required = true,
                                         .options = options,
                                         .option_count = 2},
                          NULL, NULL),
                "\"uniqueItems\":true,\"minItems\":1,\"items\":{\"oneOf\":[");
    expect_part(schema_of((struct field){.type = FIELD_DATE, .not_future = true}, NULL, NULL),
                "\"format\":\"date\",\"x-not-future\":true");
    expect_part(
        schema_of((struct field){.type = FIELD_TEXT, .pattern = "[[:alpha:]]+"}, NULL, NULL),
        "\"maxLength\":255}"); /* POSIX classes mean nothing to a browser */
}

DVC_TEST(form_schema, conditions)
{
    static const struct {
        const char *condition, *schema;
    } rows[] = {
        {"form.a", "{\"properties\":{\"a\":{\"const\":true}},\"required\":[\"a\"]}"},
        {"not form.a", "{\"not\":{\"properties\":{\"a\":{\"const\":true}},\"required\":[\"a\"]}}"},
        {"form.a == \"v\"", "{\"properties\":{\"a\":{\"const\":\"v\"}},\"required\":[\"a\"]}"},
        {"form.a != 3",
         "{\"properties\":{\"a\":{\"not\":{\"enum\":[null,3]}}},\"required\":[\"a\"]}"},
        {"form.a >= 7",
         "{\"properties\":{\"a\":{\"type\":\"number\",\"minimum\":7}},\"required\":[\"a\"]}"},
        {"7 > form.a", "{\"type\":\"number\",\"exclusiveMaximum\":7}"},
        {"form.a == null", "{\"properties\":{\"a\":{\"type\":\"null\"}}}"},
        {"form.a != null",
         "{\"properties\":{\"a\":{\"not\":{\"type\":\"null\"}}},\"required\":[\"a\"]}"},
        {"form.a in [\"p\", \"q\"]",
         "{\"properties\":{\"a\":{\"enum\":[\"p\",\"q\"]}},\"required\":[\"a\"]}"},
        {"\"p\" in form.a",
         "{\"properties\":{\"a\":{\"type\":\"array\",\"contains\":{\"const\":\"p\"}}}"},
        {"form.a and form.b and form.c or true", "{\"anyOf\":[{\"allOf\":[{\"properties\":{\"a\":"},
    };

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        struct buf buf = BUF_INIT(10000);

        buf_adds(&buf, rows[i].schema);
        expect_part(schema_of((struct field){.type = FIELD_TEXT}, rows[i].condition, NULL),
                    buf.ptr);
        buf_release(&buf);
    }
}

DVC_TEST(form_schema, required_and_hidden)
{
    expect_part(schema_of((struct field){.type = FIELD_BOOLEAN}, "form.a", NULL),
                "\"allOf\":[{\"if\":{\"properties\":{\"a\":{\"const\":true}},\"required\":[\"a\"]},"
                "\"then\":{\"properties\":{\"x\":{\"const\":true}},\"required\":[\"x\"]}}]");
    expect_part(schema_of((struct field){.type = FIELD_TEXT, .required = true}, NULL, "form.a"),
                "\"required\":[],\"additionalProperties\":false,\"allOf\":[{\"if\":{\"properties\":"
                "{\"a\":{\"const\":true}},\"required\":[\"a\"]},\"then\":{\"required\":[\"x\"]},"
                "\"else\":{\"properties\":{\"x\":{\"type\":\"null\"}}}}]");
}

/* What lies outside the form cannot be said in its schema; the client is given the words. */
DVC_TEST(form_schema, conditions_outside_the_form)
{
    expect_part(
        schema_of((struct field){.type = FIELD_TEXT}, "channel == \"online\" and form.a", NULL),
        "\"x-required-if\":\"channel == \\\"online\\\" and form.a\"}},\"required\":[],"
        "\"additionalProperties\":false,\"allOf\":[]}");
    expect_part(schema_of((struct field){.type = FIELD_TEXT}, "form.a < \"2026-01-01\"", NULL),
                "\"allOf\":[]}");
    expect_part(schema_of((struct field){.type = FIELD_TEXT}, "form.a == form.b", NULL),
                "\"allOf\":[]}");
}

/* The deepest condition that can be parsed is written without harm. */
DVC_TEST(form_schema, deep_conditions)
{
    struct buf buf = BUF_INIT(2000);

    for (int i = 0; i < 16; i++)
        buf_adds(&buf, "(form.a or ");
    buf_adds(&buf, "form.b");
    for (int i = 0; i < 16; i++)
        buf_addc(&buf, ')');
    expect_part(schema_of((struct field){.type = FIELD_TEXT}, buf.ptr, NULL), "{\"anyOf\":[");
    buf_release(&buf);
}
