#include "core/expr.h"

#include "dvc_test.h"

#include <stdio.h>

/* The values that conditions are asked about here. */
static struct value *world(struct arena *arena)
{
    struct value *root = value_new(arena, VALUE_MAP), *form = value_new(arena, VALUE_MAP);
    struct value *kinds = value_new(arena, VALUE_LIST), *half = value_new(arena, VALUE_REAL);

    value_append(arena, kinds, value_string(arena, SLICE_LIT("house")));
    half->real = 2.5;
    value_set(arena, form, "floors", value_int(arena, 7));
    value_set(arena, form, "area", half);
    value_set(arena, form, "adjacent", value_bool(arena, true));
    value_set(arena, form, "remote", value_bool(arena, false));
    value_set(arena, form, "name", value_string(arena, SLICE_LIT("Nguyễn \"Bình\"")));
    value_set(arena, form, "born", value_string(arena, SLICE_LIT("2020-02-29")));
    value_set(arena, form, "kinds", kinds);
    value_set(arena, form, "nothing", value_new(arena, VALUE_NULL));
    value_set(arena, root, "form", form);
    value_set(arena, root, "channel", value_string(arena, SLICE_LIT("online")));
    return root;
}

static const struct value *look(void *ctx, struct slice path)
{
    return value_path(ctx, path);
}

static bool holds(const char *text)
{
    struct arena *arena = arena_new();
    struct expr *expr = NULL;
    struct expr_error error;
    bool result;

    cr_assert(expr_parse(arena, slice_str(text), &expr, &error) == 0, "%s: column %d: %s", text,
              error.column, error.what);
    DVC_EQ_SLICE(expr_text(expr), text);
    result = expr_eval(expr, look, world(arena));
    arena_free(arena);
    return result;
}

DVC_TEST(expr, what_holds)
{
    static const char *const texts[] = {
        "form.floors == 7",
        "form.floors == 7.0",
        "form.floors >= 7",
        "form.floors < 7.5",
        "form.area > 2",
        "-1 < form.area",
        "form.adjacent",
        "not form.remote",
        "form.name == \"Nguyễn \\\"Bình\\\"\"",
        "form.born < \"2020-03-01\"",
        "channel in [\"online\", \"post\"]",
        "not channel in [\"direct\"]",
        "\"house\" in form.kinds",
        "form.floors in [1, 7]",
        "form.nothing == null",
        "form.missing == null",
        "null == form.a.b.c",
        "form.floors != null",
        "form.floors != \"7\"",
        "true",
        "not false",
        "(true)",
        "form.missing == null and form.floors == 7 or false",
        "true or form.missing and false",
        "not form.missing",
        "not (form.missing < 3)",
        "form.floors==7 and channel==\"online\"",
        "form.adjacent == true",
        "form.adjacent != form.remote",
    };

    for (size_t i = 0; i < DVC_COUNT(texts); i++)
        cr_expect(holds(texts[i]), "should hold: %s", texts[i]);
}

DVC_TEST(expr, what_does_not_hold)
{
    static const char *const texts[] = {
        "form.floors == \"7\"",
        "form.floors < \"9\"",
        "form.floors != 7",
        "form.remote",
        "form.floors",
        "form.name",
        "channel == \"Online\"",

        /* null compares with nothing, not even with another null value */
        "form.missing == \"a\"",
        "form.missing != \"a\"",
        "form.missing < 3",
        "form.missing >= 3",
        "form.missing == form.nothing",
        "form.missing in [\"a\"]",
        "form.nothing != null",
        "\"a\" in form.missing",
        "form.floors in form.floors",
        "form.missing",
        "form.kinds < form.kinds",
        "form.adjacent > form.remote",
        "false or not true",
        "(true or true) and false",
    };

    for (size_t i = 0; i < DVC_COUNT(texts); i++)
        cr_expect(!holds(texts[i]), "should not hold: %s", texts[i]);
}

static struct expr_error refusal(const char *text, int expected)
{
    struct arena *arena = arena_new();
    struct expr *expr = NULL;
    struct expr_error error = {0, NULL};
    int result = expr_parse(arena, slice_str(text), &expr, &error);

    cr_assert(result == expected, "%.60s: result %d", text, result);
    cr_assert(expr == NULL && error.what != NULL);
    arena_free(arena);
    return error; /* `what` is a constant */
}

DVC_TEST(expr, faults_name_their_column)
{
    static const struct {
        const char *text;
        int column;
    } rows[] = {
        {"", 1},
        {"   ", 1},
        {"form.a = 3", 8},
        {"form.a == ", 11},
        {"form.a == 'x'", 11},
        {"form.a && form.b", 8},
        {"!form.a", 1},
        {"(form.a", 8},
        {"form.a)", 7},
        {"form.a == \"x", 11},
        {"form.a == \"\\n\"", 13},
        {"form. == 1", 1},
        {"form.a.3 == 1", 1},
        {"form..a", 1},
        {"1.2.3 == form.a", 1},
        {"12ab == form.a", 1},
        {"\"text\"", 1},
        {"5", 1},
        {"null", 1},
        {"form.a < null", 8},
        {"null >= form.a", 6},
        {"form.a in []", 12},
        {"form.a in", 10},
        {"form.a in \"b\"", 11},
        {"form.a in [\"b\" \"c\"]", 16},
        {"form.a in [null]", 12},
        {"form.a in [\"b\",]", 16},
        {"form.a in [form.b]", 12},
        {"form.a in [\"b\"", 15},
        {"1 < form.a < 5", 12},
        {"and form.a", 1},
        {"form.a or", 10},
        {"not", 4},
        {"()", 2},
        {"form.a form.b", 8},
        {"form.a == [1]", 11},
        {"form.tuổi == 1", 8},
        {"a; b", 2},
        {"99999999999999999999 == form.a", 1},
    };

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        struct expr_error error = refusal(rows[i].text, EXPR_E_SYNTAX);

        cr_expect(error.column == rows[i].column, "%s: column %d, expected %d (%s)", rows[i].text,
                  error.column, rows[i].column, error.what);
    }
}

/* `count` times `part`, then `end`. */
static char *repeated(const char *part, int count, const char *end)
{
    struct buf buf = BUF_INIT(100000);
    char *text;

    for (int i = 0; i < count; i++)
        buf_adds(&buf, part);
    buf_adds(&buf, end);
    text = dvc_strdup(buf.ptr);
    buf_release(&buf);
    return text;
}

static void expect_limit(const char *part, int count, const char *end, bool fits)
{
    char *text = repeated(part, count, end);

    if (fits)
        (void)holds(text);
    else
        (void)refusal(text, EXPR_E_LIMIT);
    free(text);
}

DVC_TEST(expr, limits)
{
    expect_limit("a or ", 63, "a", true);
    expect_limit("a or ", 64, "a", false);
    expect_limit("not ", 16, "a", true);
    expect_limit("not ", 17, "a", false);
    expect_limit("not(", 9, "a", false);
    expect_limit(" ", 999, "a", true);
    expect_limit(" ", 1000, "a", false);
    expect_limit("(", 900, "a", false);
}

static void count_path(void *ctx, struct slice path)
{
    struct buf *buf = ctx;

    buf_add_slice(buf, path);
    buf_addc(buf, ' ');
}

DVC_TEST(expr, every_path_is_told)
{
    struct arena *arena = arena_new();
    struct expr *expr = NULL;
    struct expr_error error;
    struct buf buf = BUF_INIT(1000);

    DVC_EQ_INT(expr_parse(arena,
                          SLICE_LIT("not form.a and (form.b == form.c or \"x\" in fees.paid)"),
                          &expr, &error),
               0);
    expr_paths(expr, count_path, &buf);
    DVC_EQ_STR(buf.ptr, "form.a form.b form.c fees.paid ");
    buf_release(&buf);
    arena_free(arena);
}

/* The parser keeps no pointer into the caller's text. */
DVC_TEST(expr, text_may_go_after_parsing)
{
    struct arena *arena = arena_new();
    struct expr *expr = NULL;
    struct expr_error error;
    char text[] = "channel == \"online\"";

    DVC_EQ_INT(expr_parse(arena, slice_str(text), &expr, &error), 0);
    memset(text, 'x', sizeof(text) - 1);
    cr_assert(expr_eval(expr, look, world(arena)));
    arena_free(arena);
}
