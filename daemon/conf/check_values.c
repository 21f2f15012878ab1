#include "conf/check_values.h"

#include <string.h>

#include "conf/plugin_check.h"
#include "core/expr_tree.h"

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
    if (field->has_min && field->min >= -1e15 && field->min <= 1e15)
        add(g, path, value_int(g->check->arena, (int64_t)field->min));
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

/* A number divides the line in three: below, at and above it. */
static void compared(struct gathering *g, struct condition_path *path, const struct value *literal)
{
    struct arena *arena = g->check->arena;

    if (literal->kind == VALUE_LIST) {
        for (size_t i = 0; i < literal->list.count; i++)
            compared(g, path, literal->list.items[i]);
        return;
    }
    if (closed(path->path) || value_is_null(literal))
        return;
    add(g, path, literal);
    if (literal->kind == VALUE_INT) {
        if (literal->integer > INT64_MIN)
            add(g, path, value_int(arena, literal->integer - 1));
        if (literal->integer < INT64_MAX)
            add(g, path, value_int(arena, literal->integer + 1));
    } else if (literal->kind == VALUE_REAL) {
        struct value *below = value_new(arena, VALUE_REAL), *above = value_new(arena, VALUE_REAL);

        below->real = literal->real - 1;
        above->real = literal->real + 1;
        add(g, path, below);
        add(g, path, above);
    } else if (literal->kind == VALUE_STRING) {
        const struct field *field =
            slice_starts(path->path, "form.") ? field_of(g->check->procedure, path->path) : NULL;

        if (field == NULL || field->type != FIELD_SELECT)
            add(g, path, text(g, CONDITION_OTHER));
    }
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
