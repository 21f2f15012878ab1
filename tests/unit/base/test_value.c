#include "base/value.h"

#include "base/json.h"
#include "dvc_test.h"

static struct value *read_json(struct arena *arena, const char *text)
{
    struct json_error error;
    struct value *value = NULL;

    cr_assert(json_parse(arena, slice_str(text), 100, &value, &error) == 0, "\"%s\" is not read",
              text);
    return value;
}

static const char *written(struct arena *arena, const struct value *value, bool sorted)
{
    struct buf buf DVC_CLEANUP(buf_release) = BUF_INIT(1 << 20);

    value_write(&buf, value, sorted);
    return arena_slice_str(arena, buf_slice(&buf));
}

DVC_TEST(value, builds_and_reads)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *map = value_new(arena, VALUE_MAP), *list = value_new(arena, VALUE_LIST);

    value_set(arena, map, "name", value_string(arena, SLICE_LIT("Huệ")));
    value_set(arena, map, "n", value_int(arena, 5));
    value_set(arena, map, "list", list);
    value_set(arena, map, "n", value_int(arena, 6));
    value_set(arena, map, "yes", value_bool(arena, true));
    for (int i = 0; i < 100; i++)
        value_append(arena, list, value_int(arena, i));
    DVC_EQ_STR(value_get_str(map, "name"), "Huệ");
    DVC_EQ_SLICE(value_get_text(map, "name"), "Huệ");
    DVC_EQ_INT(value_get_int(map, "n", -1), 6);
    DVC_EQ_INT(value_get_bool(map, "yes", false), 1);
    DVC_EQ_INT(value_count(map), 4);
    DVC_EQ_INT(value_at(list, 99)->integer, 99);
    cr_assert_null(value_at(list, 100));
}

DVC_TEST(value, missing_and_wrong_kinds)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *map = read_json(arena, "{\"s\":\"x\",\"n\":1,\"z\":null,\"l\":[1]}");

    cr_assert_null(value_get(NULL, "a"));
    cr_assert_null(value_get(map, "a"));
    cr_assert_null(value_get(value_get(map, "s"), "a"));
    cr_assert_null(value_at(NULL, 0));
    cr_assert_null(value_at(map, 0));
    cr_assert_null(value_get_str(map, "n"));
    cr_assert_null(value_get_str(map, "z"));
    cr_assert_null(value_get_str(NULL, "z"));
    cr_assert_null(value_get_text(map, "gone").ptr);
    DVC_EQ_INT(value_get_int(map, "s", -1), -1);
    DVC_EQ_INT(value_get_bool(map, "n", true), 1);
    DVC_EQ_INT(value_count(NULL), 0);
    DVC_EQ_INT(value_count(value_get(map, "s")), 0);
    cr_assert(value_is_null(NULL));
    cr_assert(value_is_null(value_get(map, "z")));
    cr_assert(!value_is_null(value_get(map, "n")));
}

DVC_TEST(value, path)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *map = read_json(arena, "{\"a\":{\"b\":{\"c\":7}},\"x\":1}");

    DVC_EQ_INT(value_path(map, SLICE_LIT("a.b.c"))->integer, 7);
    DVC_EQ_INT(value_path(map, SLICE_LIT("x"))->integer, 1);
    cr_assert_null(value_path(map, SLICE_LIT("a.b.d")));
    cr_assert_null(value_path(map, SLICE_LIT("a.b.c.d")));
    cr_assert_null(value_path(map, SLICE_LIT("a..c")));
    cr_assert_null(value_path(map, SLICE_LIT("")));
    cr_assert_null(value_path(NULL, SLICE_LIT("a")));
}

DVC_TEST(value, equality)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } cases[] = {
        {"1", "1", true},
        {"1", "1.0", true},
        {"1.5", "1.5", true},
        {"1", "1.5", false},
        {"9007199254740993", "9007199254740992.0", false},
        {"9223372036854775807", "9223372036854775808.0", false},
        {"-9223372036854775808", "-9223372036854775808.0", true},
        {"\"1\"", "1", false},
        {"null", "null", true},
        {"null", "false", false},
        {"[1,2]", "[2,1]", false},
        {"[1,[2]]", "[1.0,[2]]", true},
        {"[1]", "[1,2]", false},
        {"{\"a\":1,\"b\":2}", "{\"b\":2.0,\"a\":1}", true},
        {"{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":2}", false},
        {"{\"a\":1}", "{\"a\":1,\"b\":null}", false},
        {"\"hồ\"", "\"h\\u1ed3\"", true},
    };
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();

    for (size_t i = 0; i < DVC_COUNT(cases); i++) {
        struct value *a = read_json(arena, cases[i].a), *b = read_json(arena, cases[i].b);

        cr_assert(value_eq(a, b) == cases[i].equal, "%s and %s", cases[i].a, cases[i].b);
        cr_assert(value_eq(b, a) == cases[i].equal, "%s and %s", cases[i].b, cases[i].a);
    }
    cr_assert(value_eq(NULL, read_json(arena, "null")));
}

DVC_TEST(value, canonical_form)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    const char *text = "{\"b\":[{\"z\":1.50,\"a\":\"\\u0111\\n\"},true],\"B\":{},\"a\":null}";
    struct value *value = read_json(arena, text);

    DVC_EQ_STR(written(arena, value, false),
               "{\"b\":[{\"z\":1.5,\"a\":\"đ\\n\"},true],\"B\":{},\"a\":null}");
    DVC_EQ_STR(written(arena, value, true),
               "{\"B\":{},\"a\":null,\"b\":[{\"a\":\"đ\\n\",\"z\":1.5},true]}");
    DVC_EQ_STR(written(arena, NULL, false), "null");
}

DVC_TEST(value, large_maps_sort_and_compare)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *up = value_new(arena, VALUE_MAP), *down = value_new(arena, VALUE_MAP);

    for (int i = 0; i < 500; i++) {
        value_set(arena, up, arena_printf(arena, "k%03d", i), value_int(arena, i));
        value_set(arena, down, arena_printf(arena, "k%03d", 499 - i), value_int(arena, 499 - i));
    }
    cr_assert(value_eq(up, down));
    DVC_EQ_STR(written(arena, down, true), written(arena, up, false));
    value_set(arena, down, "k250", value_int(arena, -1));
    cr_assert(!value_eq(up, down));
}

/* Deeper than jw's own limit: values come from outsiders, who choose the depth up to max_depth. */
DVC_TEST(value, writes_what_nests_deep)
{
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct buf text DVC_CLEANUP(buf_release) = BUF_INIT(1000);

    for (int i = 0; i < 60; i++)
        buf_adds(&text, "[");
    for (int i = 0; i < 60; i++)
        buf_adds(&text, "]");
    DVC_EQ_STR(written(arena, read_json(arena, text.ptr), true), text.ptr);
}

DVC_TEST(value, borrowed_texts_and_keys)
{
    static const char key[] = "paper", text[] = "land_right";
    struct arena *arena DVC_CLEANUP(arena_freep) = arena_new();
    struct value *map = value_new(arena, VALUE_MAP);

    value_add(arena, map, key, value_text(arena, text));
    cr_assert(map->map.members[0].key.ptr == key);
    cr_assert(value_get(map, "paper")->string.ptr == text);
    value_set(arena, map, "paper", value_int(arena, 3));
    DVC_EQ_INT(value_count(map), 1);
    DVC_EQ_INT(value_get_int(map, "paper", 0), 3);
}
