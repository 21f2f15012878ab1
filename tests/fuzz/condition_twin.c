#include "condition_twin.h"

#include "fuzz_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_text(struct buf *buf, struct slice text)
{
    buf_adds(buf, "\"");
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            buf_adds(buf, "\\");
        buf_add_slice(buf, slice_sub(text, i, 1));
    }
    buf_adds(buf, "\"");
}

/* The language knows no exponents, so the fraction grows until the number comes back. */
static void write_real(struct buf *buf, double real)
{
    char text[400] = "";

    for (int places = 1; places < 350; places++) {
        snprintf(text, sizeof(text), "%.*f", places, real);
        if (strtod(text, NULL) == real)
            break;
    }
    buf_adds(buf, text);
}

static void write_value(struct buf *buf, const struct value *value)
{
    switch (value->kind) {
    case VALUE_NULL:
        buf_adds(buf, "null");
        break;
    case VALUE_BOOL:
        buf_adds(buf, value->boolean ? "true" : "false");
        break;
    case VALUE_INT:
        buf_addf(buf, "%lld", (long long)value->integer);
        break;
    case VALUE_REAL:
        write_real(buf, value->real);
        break;
    case VALUE_STRING:
        write_text(buf, value->string);
        break;
    case VALUE_LIST:
        buf_adds(buf, "[");
        for (size_t i = 0; i < value->list.count; i++) {
            buf_adds(buf, i == 0 ? "" : ",");
            write_value(buf, value->list.items[i]);
        }
        buf_adds(buf, "]");
        break;
    case VALUE_MAP:
        fuzz_broken(__FILE__, __LINE__, "a map in a condition");
    }
}

static void write_operand(struct buf *buf, const struct expr_operand *operand)
{
    if (operand->path.ptr != NULL)
        buf_add_slice(buf, operand->path);
    else
        write_value(buf, operand->literal);
}

/* How strongly a node binds: or, and, not, comparison. */
static int rank(const struct expr_node *node)
{
    if (node->kind == EXPR_OR)
        return 0;
    if (node->kind == EXPR_AND)
        return 1;
    return node->kind == EXPR_NOT ? 2 : 3;
}

static void write_part(struct buf *buf, const struct expr_node *node, int least)
{
    bool bracket = rank(node) < least;

    buf_adds(buf, bracket ? "(" : "");
    twin_write(buf, node);
    buf_adds(buf, bracket ? ")" : "");
}

void twin_write(struct buf *buf, const struct expr_node *node)
{
    static const char *const ops[] = {[EXPR_EQ] = "==", [EXPR_NE] = "!=", [EXPR_LT] = "<",
                                      [EXPR_LE] = "<=", [EXPR_GT] = ">",  [EXPR_GE] = ">="};

    switch (node->kind) {
    case EXPR_OR:
    case EXPR_AND:
        write_part(buf, node->left, rank(node));
        buf_adds(buf, node->kind == EXPR_OR ? " or " : " and ");
        write_part(buf, node->right, rank(node) + 1);
        break;
    case EXPR_NOT:
        buf_adds(buf, "not ");
        write_part(buf, node->left, 2);
        break;
    case EXPR_COMPARE:
    case EXPR_IN:
        write_operand(buf, &node->a);
        buf_adds(buf, node->kind == EXPR_IN ? " in " : ops[node->op]);
        write_operand(buf, &node->b);
        break;
    case EXPR_TRUTH:
        write_operand(buf, &node->a);
        break;
    }
}

static bool same_operand(const struct expr_operand *a, const struct expr_operand *b)
{
    if ((a->path.ptr == NULL) != (b->path.ptr == NULL) ||
        (a->literal == NULL) != (b->literal == NULL))
        return false;
    if (a->path.ptr != NULL)
        return slice_eq(a->path, b->path);
    return a->literal == NULL || (a->literal->kind == b->literal->kind &&
                                  (value_is_null(a->literal) || value_eq(a->literal, b->literal)));
}

bool twin_same(const struct expr_node *a, const struct expr_node *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->kind == b->kind && a->op == b->op && same_operand(&a->a, &b->a) &&
           same_operand(&a->b, &b->b) && twin_same(a->left, b->left) &&
           twin_same(a->right, b->right);
}

static bool is_null_word(const struct expr_operand *operand)
{
    return operand->path.ptr == NULL && operand->literal->kind == VALUE_NULL;
}

static const struct value *value_of(const struct expr_operand *operand, expr_lookup_fn lookup,
                                    void *ctx)
{
    static const struct value nothing = {.kind = VALUE_NULL};
    const struct value *value =
        operand->path.ptr == NULL ? operand->literal : lookup(ctx, operand->path);

    return value == NULL ? &nothing : value;
}

/* -1, 0, 1; 2 when the two have no order, 3 when they are besides not equal. */
static int way_of(const struct value *a, const struct value *b)
{
    bool numbers = (a->kind == VALUE_INT || a->kind == VALUE_REAL) &&
                   (b->kind == VALUE_INT || b->kind == VALUE_REAL);

    if (numbers) {
        long double x = a->kind == VALUE_INT ? (long double)a->integer : (long double)a->real;
        long double y = b->kind == VALUE_INT ? (long double)b->integer : (long double)b->real;

        return x < y ? -1 : x > y;
    }
    if (a->kind != b->kind)
        return 3;
    if (a->kind == VALUE_STRING) {
        size_t least = a->string.len < b->string.len ? a->string.len : b->string.len;
        int way = least == 0 ? 0 : memcmp(a->string.ptr, b->string.ptr, least);

        if (way == 0)
            way = (a->string.len > b->string.len) - (a->string.len < b->string.len);
        return way < 0 ? -1 : way > 0;
    }
    return value_eq(a, b) ? 2 : 3;
}

static bool compare(const struct expr_node *node, expr_lookup_fn lookup, void *ctx)
{
    const struct value *a = value_of(&node->a, lookup, ctx), *b = value_of(&node->b, lookup, ctx);
    bool a_null = a->kind == VALUE_NULL, b_null = b->kind == VALUE_NULL;
    int way;

    if (is_null_word(&node->a) || is_null_word(&node->b)) {
        FUZZ_MUST(node->op == EXPR_EQ || node->op == EXPR_NE, "null has an order");
        return node->op == EXPR_EQ ? a_null && b_null : !(a_null && b_null);
    }
    if (a_null || b_null)
        return false;
    way = way_of(a, b);
    switch (node->op) {
    case EXPR_EQ:
        return way == 0 || way == 2;
    case EXPR_NE:
        return way != 0 && way != 2;
    case EXPR_LT:
        return way == -1;
    case EXPR_LE:
        return way == -1 || way == 0;
    case EXPR_GT:
        return way == 1;
    case EXPR_GE:
        return way == 1 || way == 0;
    }
    return false;
}

static bool within(const struct expr_node *node, expr_lookup_fn lookup, void *ctx)
{
    const struct value *item = value_of(&node->a, lookup, ctx);
    const struct value *list = value_of(&node->b, lookup, ctx);
    bool found = false;

    for (size_t i = 0; list->kind == VALUE_LIST && i < list->list.count; i++) {
        int way = way_of(item, list->list.items[i]);

        found = found || way == 0 || way == 2;
    }
    return found && item->kind != VALUE_NULL;
}

bool twin_eval(const struct expr_node *node, expr_lookup_fn lookup, void *ctx)
{
    const struct value *value;
    bool left, right;

    switch (node->kind) {
    case EXPR_OR:
    case EXPR_AND:
        left = twin_eval(node->left, lookup, ctx);
        right = twin_eval(node->right, lookup, ctx);
        return node->kind == EXPR_OR ? left || right : left && right;
    case EXPR_NOT:
        return !twin_eval(node->left, lookup, ctx);
    case EXPR_COMPARE:
        return compare(node, lookup, ctx);
    case EXPR_IN:
        return within(node, lookup, ctx);
    case EXPR_TRUTH:
        value = value_of(&node->a, lookup, ctx);
        return value->kind == VALUE_BOOL && value->boolean;
    }
    return false;
}
