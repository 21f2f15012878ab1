#include "conf/yaml.h"

#include "conf_fixture.h"
#include "dvc_test.h"

DVC_TEST(conf_yaml, plain_and_quoted_scalars)
{
    struct arena *arena = arena_new();
    struct value *tree = fixture_yaml(arena, "whole: 12\n"
                                             "minus: -3\n"
                                             "part: 1.50\n"
                                             "yes: true\n"
                                             "nothing:\n"
                                             "date: 2025-07-01\n"
                                             "time: 15:00\n"
                                             "code: \"1.001190\"\n"
                                             "number: '12'\n");

    cr_assert(value_get(tree, "whole")->kind == VALUE_INT);
    DVC_EQ_INT(value_get_int(tree, "minus", 0), -3);
    cr_assert(value_get(tree, "part")->kind == VALUE_REAL);
    cr_assert(value_get_bool(tree, "yes", false));
    cr_assert(value_is_null(value_get(tree, "nothing")));
    DVC_EQ_STR(value_get_str(tree, "date"), "2025-07-01");
    DVC_EQ_STR(value_get_str(tree, "time"), "15:00");
    DVC_EQ_STR(value_get_str(tree, "code"), "1.001190");
    cr_assert(value_get(tree, "code")->quoted);
    cr_assert(!value_get(tree, "date")->quoted);
    DVC_EQ_STR(value_get_str(tree, "number"), "12");
    arena_free(arena);
}

DVC_TEST(conf_yaml, places_count_characters)
{
    struct arena *arena = arena_new();
    struct value *tree = fixture_yaml(arena, "tên: thử\n"
                                             "bước: {đầu: {a: 1}, cuối: 22}\n");
    const struct value *last = value_get(value_get(tree, "bước"), "cuối");

    DVC_EQ_INT(last->line, 2);
    DVC_EQ_INT(last->column, 27);
    DVC_EQ_INT(tree->map.members[1].line, 2);
    DVC_EQ_INT(value_get(tree, "bước")->map.members[1].column, 21);
    arena_free(arena);
}

/* "Hải" typed with combining marks is the same text as typed without. */
DVC_TEST(conf_yaml, text_is_normalised)
{
    struct arena *arena = arena_new();
    struct value *tree = fixture_yaml(arena, "a: Ha\xcc\x89i Pho\xcc\x80ng\nb: Hải Phòng\n");

    DVC_EQ_STR(value_get_str(tree, "a"), value_get_str(tree, "b"));
    arena_free(arena);
}

DVC_TEST(conf_yaml, a_text_too_large_is_refused)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    char *text = arena_alloc(arena, CONF_YAML_MAX_BYTES + 2);
    struct value *tree;

    memset(text, '#', CONF_YAML_MAX_BYTES + 1);
    DVC_EQ_INT(conf_yaml_read(arena, "big.yaml", (struct slice){text, CONF_YAML_MAX_BYTES + 1},
                              &errors, &tree),
               CONF_E_BAD);
    DVC_EQ_INT(errors.count, 1);
    DVC_EQ_STR(errors.items[0].text, "tệp có 1048577 byte, nhiều nhất được 1048576 byte [K005]");
    arena_free(arena);
}

/* A file of aliases to aliases is a tree of millions; none is followed. */
DVC_TEST(conf_yaml, a_bomb_of_aliases_stays_small)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct buf text = BUF_INIT(1 << 20);
    struct value *tree;

    buf_adds(&text, "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 20; i++) {
        buf_addf(&text, "a%d: &a%d [", i, i);
        for (int k = 0; k < 10; k++)
            buf_addf(&text, "%s*a%d", k == 0 ? "" : ", ", i - 1);
        buf_adds(&text, "]\n");
    }
    DVC_EQ_INT(conf_yaml_read(arena, "bomb.yaml", buf_slice(&text), &errors, &tree), CONF_E_BAD);
    DVC_EQ_INT(conf_errors_total(&errors), 20 + 19 * 10);
    DVC_EQ_INT(errors.count, CONF_ERRORS_MAX);
    DVC_EQ_INT(errors.beyond, 10);
    cr_assert(arena_used(arena) < 1 << 20, "%zu bytes", arena_used(arena));
    buf_release(&text);
    arena_free(arena);
}

DVC_TEST(conf_errors, sorted_by_place_and_told_once)
{
    struct arena *arena = arena_new();
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct buf told = BUF_INIT(1000);

    conf_error(&errors, "b.yaml", 1, 1, "ba");
    conf_error(&errors, "a.yaml", 10, 2, "hai");
    conf_error(&errors, "a.yaml", 2, 30, "%s", "một");
    conf_error(&errors, "a.yaml", 10, 2, "hai");
    conf_error(&errors, "c.yaml", 0, 0, "không có tệp");
    conf_errors_write(&told, &errors);
    DVC_EQ_STR(told.ptr, "a.yaml:2:30: một\na.yaml:10:2: hai\nb.yaml:1:1: ba\n"
                         "c.yaml: không có tệp\n");
    buf_release(&told);
    arena_free(arena);
}
