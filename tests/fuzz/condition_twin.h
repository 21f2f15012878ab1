/* condition_twin.h - the reading of a condition a second time, written apart from core/expr*.c: how
 * its tree is written out, and what it says of given values. */
#ifndef DVC_TEST_FUZZ_CONDITION_TWIN_H
#define DVC_TEST_FUZZ_CONDITION_TWIN_H

#include "core/expr_tree.h"

/* With the fewest blanks and brackets: never longer than what it was parsed from, but for numbers
 * with a fraction. */
void twin_write(struct buf *buf, const struct expr_node *node);
bool twin_same(const struct expr_node *a, const struct expr_node *b);
/* What the language's rules give, null and all. */
bool twin_eval(const struct expr_node *node, expr_lookup_fn lookup, void *ctx);

#endif
