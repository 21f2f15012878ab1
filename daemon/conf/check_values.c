#include "conf/check_values.h"

#include <string.h>

#include "base/buf.h"
#include "base/wall.h"
#include "conf/plugin_check.h"
#include "core/expr_tree.h"

#define NEAR_BY 0.001 /* closer than two numbers of one plugin are */

struct gathering {
    struct plugin_check *check;
    struct condition_values *values;
    bool full;
};

static void add(struct gathering *g, struct condition_path *path, const struct value *value)
{
    for (size_t i = 0; i < path->count; i++) {
        if (value_eq(path->values[i], value))
            return;
    }
    if (path->count == CONDITION_VALUES_MAX)
        g->full = true;
    else
        path->values[path->count++] = value;
}

static struct value *text(struct gathering *g, const char *word)
{
    return value_string(g->check->arena, slice_str(word));
}

static void add_words(struct gathering *g, struct condition_path *path, const char *const *words)
{
    for (; *words != NULL; words++)
        add(g, path, text(g, *words));
}

static void add_booleans(struct gathering *g, struct condition_path *path)
{
    add(g, path, value_bool(g->check->arena, true));
    add(g, path, value_bool(g->check->arena, false));
}

static const struct field *field_of(const struct procedure *procedure, struct slice path)
{
    for (size_t i = 0; i < procedure->field_count; i++) {
        if (slice_is(slice_sub(path, 5, path.len), procedure->form[i].id))
            return &procedure->form[i];
    }
    return NULL;
}

static void number(struct gathering *g, struct condition_path *path, const struct field *field,
                   double real)
{
    struct value *value = value_new(g->check->arena, VALUE_REAL);

    value->real = real;
    if (field == NULL ||
        ((!field->has_min || real >= field->min) && (!field->has_max || real <= field->max)))
        add(g, path, value);
}

static void integer(struct gathering *g, struct condition_path *path, const struct field *field,
                    int64_t value)
{
    if (field == NULL || ((!field->has_min || (double)value >= field->min) &&
                          (!field->has_max || (double)value <= field->max)))
        add(g, path, value_int(g->check->arena, value));
}

static void bound(struct gathering *g, struct condition_path *path, const struct field *field,
                  double at)
{
    if (field->type == FIELD_NUMBER)
        number(g, path, field, at);
    else if (at >= -1e15 && at <= 1e15)
        integer(g, path, field, (int64_t)at);
}

/* Of a choice of several: each alone, and all together. */
static void multi_values(struct gathering *g, struct condition_path *path,
                         const struct field *field)
{
    struct value *all = value_new(g->check->arena, VALUE_LIST);

    for (size_t i = 0; i < field->option_count; i++) {
        struct value *one = value_new(g->check->arena, VALUE_LIST);

        value_append(g->check->arena, one, text(g, field->options[i].value));
        value_append(g->check->arena, all, text(g, field->options[i].value));
        add(g, path, one);
    }
    add(g, path, all);
}

/* What a field can hold apart from what conditions compare it with. */
static void field_values(struct gathering *g, struct condition_path *path)
{
    const struct field *field = field_of(g->check->procedure, path->path);

    if (field == NULL || !field->required || field->show_if != NULL)
        add(g, path, value_new(g->check->arena, VALUE_NULL));
    if (field == NULL)
        return;
    if (field->type == FIELD_BOOLEAN)
        add_booleans(g, path);
    for (size_t i = 0; field->type == FIELD_SELECT && i < field->option_count; i++)
        add(g, path, text(g, field->options[i].value));
    if (field->type == FIELD_MULTI)
        multi_values(g, path, field);
    if (field->has_min)
        bound(g, path, field, field->min);
    if (field->has_max)
        bound(g, path, field, field->max);
}

static void channel_values(struct gathering *g, struct condition_path *path)
{
    for (int channel = CHANNEL_DIRECT; channel < CHANNEL_SLOTS; channel++) {
        if (g->check->procedure->channel_open[channel])
            add(g, path, text(g, channel_code((enum channel)channel)));
    }
}

static void case_values(struct gathering *g, struct condition_path *path)
{
    for (size_t i = 0; i < g->check->procedure->case_count; i++)
        add(g, path, text(g, g->check->procedure->cases[i].id));
    if (g->check->procedure->case_count == 0)
        add(g, path, value_new(g->check->arena, VALUE_NULL));
}

/* The values of a path whose kind is known, whatever it is compared with. */
static void own_values(struct gathering *g, struct condition_path *path)
{
    static const char *const kinds[] = {"citizen", "business", "state_agency", "organisation",
                                        NULL};
    static const char *const ways[] = {"counter", "post", "electronic", NULL};
    struct slice name = path->path;

    if (slice_starts(name, "form."))
        field_values(g, path);
    else if (slice_is(name, "case"))
        case_values(g, path);
    else if (slice_is(name, "channel"))
        channel_values(g, path);
    else if (slice_is(name, "applicant.kind"))
        add_words(g, path, kinds);
    else if (slice_is(name, "dossier.delivery.method"))
        add_words(g, path, ways);
    else if (slice_is(name, "dossier.forwarded") || slice_is(name, "fees.paid") ||
             slice_starts(name, "documents."))
        add_booleans(g, path);
    else if (slice_is(name, "fees.due") || slice_starts(name, "visits."))
        add(g, path, value_int(g->check->arena, slice_is(name, "fees.due") ? 0 : 1));
    else
        add(g, path, value_new(g->check->arena, VALUE_NULL));
}

static bool closed(struct slice name)
{
    return slice_is(name, "case") || slice_is(name, "channel") ||
           slice_is(name, "applicant.kind") || slice_is(name, "dossier.delivery.method") ||
           slice_is(name, "dossier.forwarded") || slice_is(name, "fees.paid") ||
           slice_starts(name, "documents.");
}

static struct condition_path *path_of(struct gathering *g, struct slice name)
{
    struct condition_path *path;

    for (size_t i = 0; i < g->values->count; i++) {
        if (slice_eq(g->values->paths[i].path, name))
            return &g->values->paths[i];
    }
    if (g->values->count == CONDITION_PATHS_MAX) {
        g->full = true;
        return &g->values->paths[0];
    }
    path = &g->values->paths[g->values->count++];
    *path = (struct condition_path){.path = name};
    own_values(g, path);
    return path;
}

/* A number divides the line in three: below, at and above it. Beside one with a fraction is one
 * near by, since between two numbers of the plugin there is always a third; what the field's range
 * leaves out is no value. */
static void compared_number(struct gathering *g, struct condition_path *path,
                            const struct field *field, const struct value *literal)
{
    bool whole = literal->kind == VALUE_INT && (field == NULL || field->type != FIELD_NUMBER);
    double real = literal->kind == VALUE_INT ? (double)literal->integer : literal->real;

    if (whole) {
        integer(g, path, field, literal->integer);
        if (literal->integer > INT64_MIN)
            integer(g, path, field, literal->integer - 1);
        if (literal->integer < INT64_MAX)
            integer(g, path, field, literal->integer + 1);
        return;
    }
    number(g, path, field, real);
    number(g, path, field, real - NEAR_BY);
    number(g, path, field, real + NEAR_BY);
}

/* A text divides all others in those before and those after it; a day has its neighbours. */
static void compared_text(struct gathering *g, struct condition_path *path,
                          const struct field *field, const struct value *literal)
{
    day_t at;

    add(g, path, literal);
    if (field == NULL || field->type != FIELD_DATE || day_parse(literal->string, &at) != 0) {
        add(g, path, text(g, CONDITION_OTHER));
        add(g, path, text(g, CONDITION_BEYOND));
        return;
    }
    for (int by = -1; by <= 1; by += 2) {
        struct buf day = BUF_INIT(32);

        buf_add_day(&day, (day_t){at.n + by});
        add(g, path, text(g, arena_slice_str(g->check->arena, buf_slice(&day))));
        buf_release(&day);
    }
}

static bool is_text(enum field_type type)
{
    return type == FIELD_TEXT || type == FIELD_TEXTAREA || type == FIELD_CITIZEN_ID ||
           type == FIELD_PHONE || type == FIELD_EMAIL || type == FIELD_TAX_CODE ||
           type == FIELD_COMMUNE;
}

/* What stands beside another path, by whose value it is judged, or beside null: two that can be
 * told apart, so that each may be the smaller, and something is there. */
static void compared_path(struct gathering *g, struct condition_path *path)
{
    static const int64_t numbers[] = {-1000000000000, 0, 1, 1000000000000};
    const struct field *field =
        slice_starts(path->path, "form.") ? field_of(g->check->procedure, path->path) : NULL;

    if (field == NULL)
        return;
    for (size_t i = 0; i < DVC_COUNT(numbers); i++) {
        if (field->type == FIELD_NUMBER)
            number(g, path, field, (double)numbers[i]);
        else if (field->type == FIELD_INTEGER || field->type == FIELD_MONEY)
            integer(g, path, field, numbers[i]);
    }
    for (int i = 0; i < 2; i++) {
        if (field->type == FIELD_DATE)
            add(g, path, text(g, i == 0 ? "2026-01-01" : "2026-01-02"));
        else if (is_text(field->type))
            add(g, path, text(g, i == 0 ? CONDITION_OTHER : CONDITION_BEYOND));
    }
}

static void compared(struct gathering *g, struct condition_path *path, const struct value *literal)
{
    const struct field *field;

    if (literal->kind == VALUE_LIST) {
        for (size_t i = 0; i < literal->list.count; i++)
            compared(g, path, literal->list.items[i]);
        return;
    }
    if (closed(path->path))
        return;
    if (value_is_null(literal)) {
        compared_path(g, path);
        return;
    }
    field = slice_starts(path->path, "form.") ? field_of(g->check->procedure, path->path) : NULL;
    if (literal->kind == VALUE_INT || literal->kind == VALUE_REAL) {
        compared_number(g, path, field, literal);
        return;
    }
    if (field != NULL && field->type == FIELD_MULTI)
        return;
    if (literal->kind == VALUE_STRING && (field == NULL || field->type != FIELD_SELECT))
        compared_text(g, path, field, literal);
    else
        add(g, path, literal);
}

static void operands(struct gathering *g, const struct expr_operand *a,
                     const struct expr_operand *b)
{
    struct condition_path *path;

    if (a->path.ptr == NULL)
        return;
    path = path_of(g, a->path);
    if (b != NULL && b->path.ptr == NULL && b->literal != NULL)
        compared(g, path, b->literal);
    if (b != NULL && b->path.ptr != NULL)
        compared_path(g, path);
    if (b == NULL && !closed(a->path))
        add_booleans(g, path);
}

static void walk(struct gathering *g, const struct expr_node *node)
{
    switch (node->kind) {
    case EXPR_OR:
    case EXPR_AND:
        walk(g, node->left);
        walk(g, node->right);
        break;
    case EXPR_NOT:
        walk(g, node->left);
        break;
    case EXPR_COMPARE:
    case EXPR_IN:
        operands(g, &node->a, &node->b);
        operands(g, &node->b, &node->a);
        break;
    case EXPR_TRUTH:
        operands(g, &node->a, NULL);
        break;
    }
}

static void gather(struct gathering *g, const struct step *step)
{
    for (size_t i = 0; i < step->action_count && !g->full; i++) {
        if (step->actions[i].when != NULL)
            walk(g, step->actions[i].when->root);
    }
}

bool condition_values(struct plugin_check *check, const struct step *step,
                      struct condition_values *ret)
{
    struct gathering g = {check, ret, false};
    size_t cases = 1;

    ret->count = 0;
    if (step != NULL)
        gather(&g, step);
    for (size_t i = 0; step == NULL && i < check->procedure->step_count; i++)
        gather(&g, &check->procedure->steps[i]);
    for (size_t i = 0; i < ret->count && !g.full; i++) {
        cases *= ret->paths[i].count > 0 ? ret->paths[i].count : 1;
        g.full = cases > PLUGIN_CHECK_MAX_CASES;
    }
    return !g.full;
}

const struct value *condition_lookup(void *ctx, struct slice path)
{
    const struct condition_choice *choice = ctx;

    for (size_t i = 0; i < choice->values->count; i++) {
        const struct condition_path *known = &choice->values->paths[i];

        if (slice_eq(path, known->path))
            return known->values[choice->chosen[i]];
    }
    return NULL;
}

bool condition_next(struct condition_choice *choice)
{
    for (size_t i = 0; i < choice->values->count; i++) {
        if (++choice->chosen[i] < choice->values->paths[i].count)
            return true;
        choice->chosen[i] = 0;
    }
    return false;
}
