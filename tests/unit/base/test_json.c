#include "base/json.h"

#include "dvc_test.h"

static struct json_error last_error;

static int parse(struct arena *arena, struct slice text, struct value **ret)
{
    return json_parse(arena, text, 8, ret, &last_error);
}

DVC_TEST(json, every_kind)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *map = NULL;

    DVC_EQ_INT(parse(arena,
                     SLICE_LIT(" {\"s\":\"Đà Nẵng\",\"i\":-9223372036854775808,\"r\":1.0,\"e\":2e3,"
                               "\"t\":true,\"f\":false,\"n\":null,\"l\":[1,\"x\"],\"m\":{}}\n"),
                     &map),
               0);
    DVC_EQ_INT(value_count(map), 9);
    DVC_EQ_SLICE(map->map.members[0].key, "s");
    DVC_EQ_SLICE(map->map.members[8].key, "m");
    DVC_EQ_STR(value_get_str(map, "s"), "Đà Nẵng");
    cr_assert(value_get(map, "s")->quoted);
    DVC_EQ_INT(value_get_int(map, "i", 0), INT64_MIN);
    DVC_EQ_INT(value_get(map, "r")->kind, VALUE_REAL);
    DVC_EQ_INT((long long)value_get(map, "e")->real, 2000);
    DVC_EQ_INT(value_get(map, "t")->boolean, 1);
    DVC_EQ_INT(value_get(map, "f")->kind, VALUE_BOOL);
    DVC_EQ_INT(value_get(map, "n")->kind, VALUE_NULL);
    DVC_EQ_STR(value_at(value_get(map, "l"), 1)->string.ptr, "x");
    DVC_EQ_INT(value_get(map, "m")->kind, VALUE_MAP);
}

DVC_TEST(json, keeps_the_order_of_members)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct buf text DVC_CLEANUP(buf_release) = BUF_INIT(10000);
    struct value *map = NULL;

    buf_addc(&text, '{');
    for (int i = 0; i < 200; i++)
        buf_addf(&text, "%s\"k%d\":%d", i > 0 ? "," : "", i * 7919 % 200, i);
    buf_addc(&text, '}');
    DVC_EQ_INT(parse(arena, buf_slice(&text), &map), 0);
    for (int i = 0; i < 200; i++)
        DVC_EQ_INT(map->map.members[i].value->integer, i);
}

DVC_TEST(json, scalars_alone)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *value = NULL;

    DVC_EQ_INT(parse(arena, SLICE_LIT("42"), &value), 0);
    DVC_EQ_INT(value->integer, 42);
    DVC_EQ_INT(parse(arena, SLICE_LIT("\"\""), &value), 0);
    DVC_EQ_STR(value->string.ptr, "");
}

DVC_TEST(json, refuses_what_is_not_strict)
{
    static const struct {
        struct slice text;
        int result;
    } cases[] = {
        {{"", 0}, JSON_E_SYNTAX},
        {{"   ", 3}, JSON_E_SYNTAX},
        {{"{", 1}, JSON_E_SYNTAX},
        {{"[1,]", 4}, JSON_E_SYNTAX},
        {{"{\"a\":1,}", 8}, JSON_E_SYNTAX},
        {{"{a:1}", 5}, JSON_E_SYNTAX},
        {{"'a'", 3}, JSON_E_SYNTAX},
        {{"01", 2}, JSON_E_SYNTAX},
        {{"+1", 2}, JSON_E_SYNTAX},
        {{"NaN", 3}, JSON_E_SYNTAX},
        {{"1e999", 5}, JSON_E_SYNTAX},
        {{"9223372036854775808", 19}, JSON_E_SYNTAX},
        {{"1 2", 3}, JSON_E_SYNTAX},
        {{"[] // x", 7}, JSON_E_SYNTAX},
        {{"\"a\nb\"", 5}, JSON_E_SYNTAX},
        {{"\"\\u0000\"", 8}, JSON_E_SYNTAX},
        {{"{\"\\u0000\":1}", 12}, JSON_E_SYNTAX},
        {{"\"\\ud800\"", 8}, JSON_E_SYNTAX},
        {{"\"\xff\"", 3}, JSON_E_SYNTAX},
        {{"\"\xc0\x80\"", 4}, JSON_E_SYNTAX},
        {{"\"a\0b\"", 5}, JSON_E_SYNTAX},
        {{"1\0", 2}, JSON_E_SYNTAX},
        {{"\xef\xbb\xbf{}", 5}, JSON_E_SYNTAX},
        {{"{\"a\":1,\"a\":1}", 13}, JSON_E_DUPLICATE},
        {{"{\"a\":1,\"\\u0061\":2}", 18}, JSON_E_DUPLICATE},
        {{"[[[[[[[[[1]]]]]]]]]", 19}, JSON_E_DEPTH},
    };
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *value = NULL;

    for (size_t i = 0; i < DVC_COUNT(cases); i++) {
        int result = parse(arena, cases[i].text, &value);

        cr_assert(result == cases[i].result, "\"%.*s\" gave %d", (int)cases[i].text.len,
                  cases[i].text.ptr, result);
        cr_assert(last_error.line >= 1 && last_error.column >= 1 && last_error.what != NULL);
        cr_assert_null(value);
    }
}

DVC_TEST(json, says_where)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *value = NULL;

    DVC_EQ_INT(parse(arena, SLICE_LIT("{\n \"a\": 1,\n \"b\": tru\n}"), &value), JSON_E_SYNTAX);
    DVC_EQ_INT(last_error.line, 3);
    DVC_EQ_INT(parse(arena, SLICE_LIT("[\"ệ[[\",\n [[[[ [[[["), &value), JSON_E_DEPTH);
    DVC_EQ_INT(last_error.line, 2);
    DVC_EQ_INT(last_error.column, 10);
}

/* The parser quotes what it found; a citizen's data must not travel with the error. */
DVC_TEST(json, error_text_quotes_nothing)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *value = NULL;

    DVC_EQ_INT(parse(arena, SLICE_LIT("{\"id\": 012345678901}"), &value), JSON_E_SYNTAX);
    cr_assert_null(strstr(last_error.what, "0123"));
}

DVC_TEST(json, brackets_in_strings_are_no_depth)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *value = NULL;

    DVC_EQ_INT(parse(arena, SLICE_LIT("[[[[[[[[\"[[[[\\\"[[[[\\\\\"]]]]]]]]"), &value), 0);
}

DVC_TEST(json, a_million_brackets)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    size_t len = 1 << 20;
    char *text = arena_alloc(arena, len);
    struct value *value = NULL;

    memset(text, '[', len);
    DVC_EQ_INT(json_parse(arena, (struct slice){text, len}, 32, &value, &last_error), JSON_E_DEPTH);
    DVC_EQ_INT(json_parse(arena, (struct slice){text, len}, INT32_MAX, &value, &last_error),
               JSON_E_DEPTH);
}
