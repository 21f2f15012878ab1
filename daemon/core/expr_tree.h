/* expr_tree.h - a parsed condition, for those who walk it: evaluation and the JSON Schema of a
 * form. Everyone else uses expr.h. */
#ifndef DVC_CORE_EXPR_TREE_H
#define DVC_CORE_EXPR_TREE_H

#include "core/expr.h"

#define EXPR_TEXT_MAX 1000
#define EXPR_TERMS_MAX 64
#define EXPR_DEPTH_MAX 16

enum expr_kind {
    EXPR_OR,
    EXPR_AND,
    EXPR_NOT,     /* left only */
    EXPR_COMPARE, /* a op b */
    EXPR_IN,      /* a in b: a list, or a path whose value is a list */
    EXPR_TRUTH    /* a: a path, true or false */
};

enum expr_op { EXPR_EQ, EXPR_NE, EXPR_LT, EXPR_LE, EXPR_GT, EXPR_GE };

struct expr_operand {
    struct slice path;     /* ptr NULL: a literal */
    struct value *literal; /* null, boolean, number, string, or a list of them after `in` */
};

struct expr_node {
    enum expr_kind kind;
    enum expr_op op;
    struct expr_node *left, *right;
    struct expr_operand a, b;
};

struct expr {
    struct slice text;
    const struct expr_node *root;
};

#endif
