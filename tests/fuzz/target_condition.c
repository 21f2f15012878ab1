/* Any bytes as a condition: parsed, written out and parsed again, evaluated beside a second reading
 * of the rules, and shown to the checker. */
#include "base/utf8.h"
#include "conf/check_condition.h"

#include "condition_twin.h"
#include "fuzz_target.h"

#include <string.h>

static struct arena *lasting;
static struct value *values; /* what the paths of the environment have */

static struct value *text(const char *word)
{
    return value_string(lasting, slice_str(word));
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct value *kinds, *half;

    (void)argc;
    (void)argv;
    lasting = arena_new();
    values = value_new(lasting, VALUE_MAP);
    kinds = value_new(lasting, VALUE_LIST);
    half = value_new(lasting, VALUE_REAL);
    half->real = 2.5;
    value_append(lasting, kinds, text("poor"));
    value_append(lasting, kinds, value_int(lasting, 3));
    value_append(lasting, kinds, half);
    value_set(lasting, values, "form.kinds", kinds);
    value_set(lasting, values, "form.half", half);
    value_set(lasting, values, "form.floors", value_int(lasting, 3));
    value_set(lasting, values, "form.most", value_int(lasting, INT64_MAX));
    value_set(lasting, values, "form.adjacent", value_bool(lasting, true));
    value_set(lasting, values, "form.alone", value_bool(lasting, false));
    value_set(lasting, values, "form.empty", value_new(lasting, VALUE_NULL));
    value_set(lasting, values, "form.on", text("2026-02-12"));
    value_set(lasting, values, "case", text("house"));
    value_set(lasting, values, "channel", text("online"));
    value_set(lasting, values, "applicant.waiver", text("poor"));
    value_set(lasting, values, "dossier.delivery.method", text("post"));
    value_set(lasting, values, "documents.paper.present", value_bool(lasting, true));
    value_set(lasting, values, "fees.due", value_int(lasting, 0));
    value_set(lasting, values, "visits.work", value_int(lasting, 2));
    value_set(lasting, values, "clock.used", value_int(lasting, 50));
    return 0;
}

/* `ctx`: every path has a value (the member whose number its length gives), or NULL: only those
 * that the environment knows. */
static const struct value *lookup(void *ctx, struct slice path)
{
    const struct value *value = value_get_slice(values, path);

    if (value == NULL && ctx != NULL)
        value = values->map.members[path.len % values->map.count].value;
    return value;
}

static void path_within(void *ctx, struct slice path)
{
    const struct expr *expr = ctx;
    struct slice whole = expr_text(expr);

    FUZZ_MUST(path.len > 0 && path.ptr >= whole.ptr && path.ptr + path.len <= whole.ptr + whole.len,
              "a path from outside of the text");
}

static void told_well(const struct expr_error *error, int r, struct slice input)
{
    FUZZ_MUST(r == EXPR_E_SYNTAX || r == EXPR_E_LIMIT, "result %d", r);
    FUZZ_MUST(error->what != NULL && utf8_valid(slice_str(error->what)), "no reason");
    FUZZ_MUST(error->column >= 1 && (size_t)error->column <= input.len + 1, "column %d",
              error->column);
}

static void again(struct arena *arena, const struct expr *expr)
{
    struct buf buf = BUF_INIT(1 << 20);
    struct expr_error error;
    struct expr *second;
    int r;

    twin_write(&buf, expr->root);
    if (buf.len <= EXPR_TEXT_MAX) {
        r = expr_parse(arena, buf_slice(&buf), &second, &error);
        FUZZ_MUST(r == 0, "%s cannot be read again: %s", buf.ptr, error.what);
        FUZZ_MUST(twin_same(expr->root, second->root), "%s is another condition", buf.ptr);
        for (int full = 0; full < 2; full++) {
            void *ctx = full == 0 ? NULL : values;

            FUZZ_MUST(expr_eval(expr, lookup, ctx) == expr_eval(second, lookup, ctx),
                      "%s has another value", buf.ptr);
        }
    }
    buf_release(&buf);
}

/* A step whose two actions stand under a condition and its contrary always has one of them. */
static void covered(struct arena *arena, const struct expr *expr)
{
    struct expr_node contrary = {.kind = EXPR_NOT,
                                 .left = (struct expr_node *)(uintptr_t)expr->root};
    struct expr other = {.text = SLICE_LIT("not"), .root = &contrary};
    struct action actions[2] = {{.id = "one", .when = (struct expr *)(uintptr_t)expr},
                                {.id = "two", .when = &other}};
    struct step step = {.id = "work", .actions = actions, .action_count = 2};
    struct procedure procedure = {
        .source = values, .code = "9.000001", .steps = &step, .step_count = 1};
    struct conf_errors errors = CONF_ERRORS_INIT(arena);
    struct plugin_check check;

    plugin_check_init(&check, arena, &procedure, NULL, "text.yaml", &errors);
    check_conditions(&check);
    for (size_t i = 0; i < errors.count; i++)
        FUZZ_MUST(strstr(errors.items[i].text, "[K108]") != NULL ||
                      strstr(errors.items[i].text, "[K117]") != NULL ||
                      strstr(errors.items[i].text, "quá nhiều trường hợp") != NULL,
                  "%s", errors.items[i].text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();
    struct slice input = {(const char *)data, size};
    struct expr_error error = {0, NULL};
    struct expr *expr = NULL;
    int r = expr_parse(arena, input, &expr, &error);

    if (r != 0) {
        told_well(&error, r, input);
    } else {
        FUZZ_MUST(slice_eq(expr_text(expr), input), "the text is not what was read");
        expr_paths(expr, path_within, expr);
        for (int full = 0; full < 2; full++) {
            void *ctx = full == 0 ? NULL : values;

            FUZZ_MUST(expr_eval(expr, lookup, ctx) == twin_eval(expr->root, lookup, ctx),
                      "two readings of the rules differ");
        }
        again(arena, expr);
        covered(arena, expr);
    }
    arena_free(arena);
    return 0;
}
