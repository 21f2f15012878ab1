#include "core/expr.h"

#include "core/expr_tree.h"

struct scope {
    expr_lookup_fn lookup;
    void *ctx;
};

static const struct value *operand_value(const struct expr_operand *operand,
                                         const struct scope *scope)
{
    if (operand->path.ptr == NULL)
        return operand->literal;
    return scope->lookup(scope->ctx, operand->path);
}

static bool is_null_literal(const struct expr_operand *operand)
{
    return operand->literal != NULL && operand->literal->kind == VALUE_NULL;
}

static bool is_number(const struct value *value)
{
    return value->kind == VALUE_INT || value->kind == VALUE_REAL;
}

static double number(const struct value *value)
{
    return value->kind == VALUE_INT ? (double)value->integer : value->real;
}

/* -1, 0, 1; false when the two have no order: a number and a text, two lists. Texts go by bytes,
 * which is right for dates (YYYY-MM-DD), the only texts whose order a condition has a use for. */
static bool order(const struct value *a, const struct value *b, int *ret)
{
    if (a->kind == VALUE_INT && b->kind == VALUE_INT)
        *ret = (a->integer > b->integer) - (a->integer < b->integer);
    else if (is_number(a) && is_number(b))
        *ret = (number(a) > number(b)) - (number(a) < number(b));
    else if (a->kind == VALUE_STRING && b->kind == VALUE_STRING)
        *ret = slice_cmp(a->string, b->string);
    else
        return false;
    return true;
}

static bool eval_compare(const struct expr_node *node, const struct scope *scope)
{
    const struct value *a = operand_value(&node->a, scope);
    const struct value *b = operand_value(&node->b, scope);
    int way;

    if (is_null_literal(&node->a) || is_null_literal(&node->b))
        return (value_is_null(a) && value_is_null(b)) == (node->op == EXPR_EQ);
    if (value_is_null(a) || value_is_null(b))
        return false;
    switch (node->op) {
    case EXPR_EQ:
        return value_eq(a, b);
    case EXPR_NE:
        return !value_eq(a, b);
    case EXPR_LT:
        return order(a, b, &way) && way < 0;
    case EXPR_LE:
        return order(a, b, &way) && way <= 0;
    case EXPR_GT:
        return order(a, b, &way) && way > 0;
    case EXPR_GE:
        return order(a, b, &way) && way >= 0;
    }
    return false;
}

static bool eval_in(const struct expr_node *node, const struct scope *scope)
{
    const struct value *item = operand_value(&node->a, scope);
    const struct value *list = operand_value(&node->b, scope);

    if (value_is_null(item) || list == NULL || list->kind != VALUE_LIST)
        return false;
    for (size_t i = 0; i < list->list.count; i++) {
        if (value_eq(item, list->list.items[i]))
            return true;
    }
    return false;
}

static bool eval(const struct expr_node *node, const struct scope *scope)
{
    const struct value *value;

    switch (node->kind) {
    case EXPR_OR:
        return eval(node->left, scope) || eval(node->right, scope);
    case EXPR_AND:
        return eval(node->left, scope) && eval(node->right, scope);
    case EXPR_NOT:
        return !eval(node->left, scope);
    case EXPR_COMPARE:
        return eval_compare(node, scope);
    case EXPR_IN:
        return eval_in(node, scope);
    case EXPR_TRUTH:
        value = operand_value(&node->a, scope);
        return value != NULL && value->kind == VALUE_BOOL && value->boolean;
    }
    return false;
}

bool expr_eval(const struct expr *expr, expr_lookup_fn lookup, void *ctx)
{
    const struct scope scope = {lookup, ctx};

    return eval(expr->root, &scope);
}

static void walk(const struct expr_node *node, void (*fn)(void *ctx, struct slice path), void *ctx)
{
    if (node == NULL)
        return;
    walk(node->left, fn, ctx);
    walk(node->right, fn, ctx);
    if (node->a.path.ptr != NULL)
        fn(ctx, node->a.path);
    if (node->b.path.ptr != NULL)
        fn(ctx, node->b.path);
}

void expr_paths(const struct expr *expr, void (*fn)(void *ctx, struct slice path), void *ctx)
{
    walk(expr->root, fn, ctx);
}

struct slice expr_text(const struct expr *expr)
{
    return expr->text;
}
